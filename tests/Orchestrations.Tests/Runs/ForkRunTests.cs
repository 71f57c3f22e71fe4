using System.Text;
using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Submission;
using Orchestrations.Runs;

namespace Orchestrations.Tests.Runs;

[Trait("Speed", "fast")]
public class ForkRunTests
{
    private const string Text = """
        {
          "name": "parent",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 8, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "amount": 1000000 },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "srl-rlvr", "stages": [{ "method": "srl", "share": 0.5 }, { "method": "rlvr", "share": 0.5 }] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 8, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 8, "seed": 3003, "difficulty": [8] }],
            "curriculum": "srl-rlvr"
          }
        }
        """;

    [Theory]
    [InlineData("/budget/amount", "2000000")]
    [InlineData("/arms/1/stages/1/problemsPerIteration", "4")]
    [InlineData("/arms/1/name", "\"other\"")]
    [InlineData("/evaluation/samples", "2")]
    [InlineData("/seeds/0", "2")]
    public void What_a_fork_is_for_may_change(string pointer, string value) => Assert.Empty(Differences(pointer, value));

    [Theory]
    [InlineData("/base/model", "\"another\"", "/base", "Expected the parent's base: ")]
    [InlineData("/training/seed", "4001", "/training", "Expected the parent's training problems: ")]
    [InlineData("/evaluation/validation/count", "9", "/evaluation/validation", "Expected the parent's validation problems: ")]
    [InlineData("/budget/unit", "\"updates\"", "/budget/unit", "Expected the parent's unit: ")]
    [InlineData("/arms/1/stages/0/method", "\"sft\"", "/arms/1/stages/0/method", "Expected the parent's method srl up to the stage that the arm goes on from; ")]
    public void What_the_parents_checkpoints_come_from_may_not(string pointer, string value, string refused, string because)
    {
        var difference = Assert.Single(Differences(pointer, value));
        Assert.Equal(refused, difference.Pointer);
        Assert.StartsWith(because, difference.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_after_the_one_that_is_gone_on_from_may_have_another_method()
    {
        Assert.Single(Differences("/arms/1/stages/1/method", "\"sft\""));
        Assert.Empty(Differences("/arms/1/stages/1/method", "\"sft\"", stage: 0));
    }

    private static IReadOnlyList<PlanViolation> Differences(string pointer, string value, int? stage = null) =>
        ForkRun.Differences(Read(JsonNode.Parse(Text)!), Read(With(pointer, value)), stage);

    private static JsonNode With(string pointer, string value)
    {
        var plan = JsonNode.Parse(Text)!;
        var at = plan;
        var names = pointer[1..].Split('/');
        foreach (var name in names[..^1])
            at = at is JsonArray array ? array[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : at[name]!;
        if (at is JsonArray last)
            last[int.Parse(names[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        else
            at[names[^1]] = JsonNode.Parse(value);
        if (pointer == "/arms/1/name")
            plan["evaluation"]!["curriculum"] = JsonNode.Parse(value);
        return plan;
    }

    private static RunPlan Read(JsonNode plan)
    {
        var reading = PlanReader.Read(Encoding.UTF8.GetBytes(plan.ToJsonString()));
        Assert.True(reading.Plan is not null, string.Join("; ", reading.Violations));
        return reading.Plan!;
    }
}
