using Curriculum.Costs;
using Curriculum.Plans;
using Curriculum.Problems.Datasets;
using Curriculum.Submission;
using Curriculum.Texts;

namespace Cli.Plans;

/// <summary>Holds a plan and what lies beside it against all that would refuse it, or fail its run before any training.</summary>
internal static class PlanCheck
{
    private const int MostFaults = 20;

    /// <summary>Everything that is wrong at once, and what only the host's storage can tell.</summary>
    /// <param name="file">The plan.</param>
    /// <param name="checkout">Has the shipped models.</param>
    /// <param name="price">What it is priced by; null where the host prices it.</param>
    public static PlanReport Of(PlanFile file, Checkout checkout, Price? price)
    {
        List<PlanViolation> violations = [.. file.Reading.Violations];
        List<string> notes = [];
        var draft = file.Reading.Draft;
        var priced = file.Reading.Plan is { } plan ? price?.Of(plan, file.ModelFolder(checkout, plan)) : null;
        if (draft is not null)
        {
            CheckModel(file, checkout, draft, violations, notes);
            CheckData(file, draft, violations, notes);
        }

        if (priced is not null && CostCap.Check(file.Reading.Plan!, priced) is { } over)
            violations.Add(over);
        return new()
        {
            Valid = violations.Count == 0,
            PlanHash = file.Reading.Hash,
            Violations = violations,
            Notes = notes,
            Price = priced,
        };
    }

    private static void CheckModel(PlanFile file, Checkout checkout, RunPlan draft, List<PlanViolation> violations, List<string> notes)
    {
        if (draft.Base.Model is not { } model || !file.Reading.IsSound("/base/model"))
            return;
        if (file.ModelFolder(checkout, draft) is not { } folder)
            notes.Add($"The model '{model}' is not in models/{model} beside the plan: the host's storage must have it (command 'model import').");
        else if (!File.Exists(Path.Combine(folder, "config.json")))
            violations.Add(new("/base/model", $"Expected config.json in {folder}, found none."));
    }

    private static void CheckData(PlanFile file, RunPlan draft, List<PlanViolation> violations, List<string> notes)
    {
        Dictionary<string, IReadOnlyList<string>> lines = new(StringComparer.Ordinal);
        var complete = file.Reading.Valid;
        foreach (var (pointer, set) in Pointers(draft).Where(each => each.Set.Dataset is not null && file.Reading.IsSound($"{each.Pointer}/dataset")))
        {
            var name = set.Dataset!;
            if (lines.ContainsKey(name))
                continue;
            if (file.DatasetFile(name) is not { } path)
            {
                complete = false;
                notes.Add($"The data set {name} is not beside the plan: the host's storage must have it.");
                continue;
            }

            try
            {
                using var content = File.OpenRead(path);
                lines[name] = [.. Utf8Lines.Read(content)];
            }
            catch (InvalidDataException fault)
            {
                complete = false;
                violations.Add(new($"{pointer}/dataset", $"{name}: {fault.Message}"));
                continue;
            }

            var faults = DatasetCheck.Of(lines[name], set.Verifier is not null).All.ToList();
            complete &= faults.Count == 0;
            violations.AddRange(faults.Take(MostFaults).Select(fault => new PlanViolation($"{pointer}/dataset", FormattableString.Invariant($"{name}, line {fault.Line}: {fault.Message}"))));
            if (faults.Count > MostFaults)
                violations.Add(new($"{pointer}/dataset", $"{name}: and {faults.Count - MostFaults} more; 'data check {name}' lists them."));
        }

        if (!complete)
            return;
        try
        {
            PlanPools.Of(draft, lines);
        }
        catch (ArgumentException fault)
        {
            violations.Add(new((fault as PoolFault)?.Pointer ?? "", fault.Message));
        }
    }

    private static IEnumerable<(string Pointer, ProblemSetPlan Set)> Pointers(RunPlan plan) =>
    [
        ("/training", plan.Training), ("/evaluation/validation", plan.Evaluation.Validation),
        .. plan.Evaluation.Benchmarks.Select((benchmark, index) => (FormattableString.Invariant($"/evaluation/benchmarks/{index}"), (ProblemSetPlan)benchmark)),
    ];
}
