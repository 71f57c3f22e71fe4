using System.Globalization;
using System.Text.Json;
using Curriculum.Plans;

namespace Cli.Plans;

/// <summary>A plan as a person would write it, with a comment where there is something to choose.</summary>
internal static class NewPlanText
{
    private const int TrainingProblems = 512;
    private const int ValidationProblems = 64;
    private const int TestProblems = 256;

    public static string Of(NewPlan plan) => $$"""
        {
          // Editors complete and check the plan by this; a run does not read it.
          "$schema": {{Json(plan.Schema)}},
          // The beginning of each run's id.
          "name": {{Json(plan.Name)}},
          // The policy that every arm starts from: the folder models/{{plan.Model}} beside this file, or one that the host's storage has.
          "base": { "model": {{Json(plan.Model)}}{{(plan.Chat ? ", \"chat\": {}" : "")}} },
          // What every arm trains on, the same frozen problems for all.
          "training": {{Training(plan)}},
          // What each arm may spend: 1 unit for each token that is read or sampled, 3 for each that is trained on. A curriculum's stages share it.
          "budget": { "unit": "compute", "amount": {{plan.Budget.ToString(CultureInfo.InvariantCulture)}} },
          // Each arm is trained once under each seed. With fewer than three, nothing is decided.
          "seeds": [{{string.Join(", ", Enumerable.Range(1, plan.Seeds))}}],
          // A stage draws problemsPerIteration problems for each of its iterations and may write maxNewTokens tokens; its optimizer's learningRate says how far it steps.
          "arms": [
            // The base itself, untrained: what the others gained is measured from it.
            { "name": "base" }{{Arms(plan)}}
          ],
          "evaluation": {
            // Chooses each arm's checkpoint; shares no problem with the training or the benchmarks.
            "validation": {{Set(plan, "validation", Math.Min(ValidationProblems, plan.Size?.Validation ?? ValidationProblems), 2001)}},
            // The verdict is about the first of these.
            "benchmarks": [
              {{Set(plan, "test", Math.Min(TestProblems, plan.Size?.Test ?? TestProblems), 3001, "\"name\": \"test\", ")}}
            ],
            // The arm that the verdict is about; it is compared with every other arm.
            "curriculum": {{Json(plan.Curriculum)}},
            // Accuracy is the mean over so many samples of each problem, and a smaller difference than this would not matter to you.
            "samples": 4,
            "smallestInterestingDifference": 0.02,
            // Longest completion in tokens.
            "maxNewTokens": {{Tokens(plan)}}
          }
        }

        """;

    private static string Arms(NewPlan plan)
    {
        List<(string Name, IReadOnlyList<string> Stages)> arms = [(plan.Curriculum, plan.Methods)];
        if (plan.Methods.Count > 1)
            arms.InsertRange(0, plan.Methods.Distinct().Select(method => (method, (IReadOnlyList<string>)[method])));
        arms.InsertRange(0, plan.Beside.Select(method => (method, (IReadOnlyList<string>)[method])));
        return string.Concat(arms.Select(arm =>
        {
            var stages = Shares(arm.Stages.Count).Zip(arm.Stages, (share, method) => $"        {Stage(plan, method, share)}");
            return $",\n    {{\n      \"name\": {Json(arm.Name)},\n      \"stages\": [\n{string.Join(",\n", stages)}\n      ]\n    }}";
        }));
    }

    // The last stage takes what rounding leaves, so that they sum to 1.
    private static IEnumerable<string?> Shares(int count)
    {
        if (count == 1)
            return [null];
        var each = Math.Round(1m / count, 2);
        return [.. Enumerable.Repeat(each, count - 1).Append(1 - (each * (count - 1))).Select(share => share.ToString(CultureInfo.InvariantCulture))];
    }

    private static string Stage(NewPlan plan, string method, string? share)
    {
        var small = plan.Family == Curriculum.Problems.TwoDials.FamilyName;
        var settings = method switch
        {
            // Every step of a problem is a prompt of its own: few problems make a batch.
            "srl" when small => """
                "problemsPerIteration": 4, "maxNewTokens": 12, "admission": { "targetGroups": 16, "refillRounds": 6 }, "optimizer": { "matrices": "adamw", "learningRate": 4e-4 }
                """,
            "srl" => $"\"problemsPerIteration\": 4, \"maxNewTokens\": {Tokens(plan)}",
            "sft" when small => "\"problemsPerIteration\": 6, \"updatesPerItem\": 8, \"checkpointEvery\": 80",
            "sft" => "\"problemsPerIteration\": 8",
            "rlvr" when small => """
                "admission": { "targetGroups": 8, "refillRounds": 8 }, "optimizer": { "matrices": "muon", "matrixLearningRate": 0.002, "learningRate": 4e-4 }
                """,
            _ when small => "\"problemsPerIteration\": 16",
            _ => $"\"problemsPerIteration\": 16, \"maxNewTokens\": {Tokens(plan)}",
        };
        var rate = settings.Contains("\"optimizer\"", StringComparison.Ordinal) ? "" : string.Create(
            CultureInfo.InvariantCulture, $", \"optimizer\": {{ \"learningRate\": {new OptimizerPlan().LearningRate} }}");
        return $"{{ \"method\": {Json(method)}, {(share is null ? "" : $"\"share\": {share}, ")}{settings}{rate} }}";
    }

    private static string Training(NewPlan plan)
    {
        var count = Math.Min(TrainingProblems, plan.Size?.Train ?? TrainingProblems);
        return Set(plan, "train", count, 1001, after: plan.Family == Curriculum.Problems.TwoDials.FamilyName ? ", \"demonstrations\": 12" : "");
    }

    private static string Set(NewPlan plan, string split, int count, int seed, string before = "", string after = "")
    {
        var source = plan.Dataset is { } dataset ? $", \"dataset\": {Json(dataset)}, \"split\": \"{split}\""
            : $", \"difficulty\": [{(plan.Family == Curriculum.Problems.TwoDials.FamilyName ? "8" : "2, 3")}]";
        return string.Create(CultureInfo.InvariantCulture, $"{{ {before}\"family\": {Json(plan.Family)}, \"count\": {count}, \"seed\": {seed}{source}{after} }}");
    }

    // A token is about three characters of English, and one character of what a tokenizer does not know.
    private static string Tokens(NewPlan plan) => (plan.Size is { } size ? Math.Clamp((size.LongestSolution / 2) + 32, 64, 2048) : 96).ToString(CultureInfo.InvariantCulture);

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
