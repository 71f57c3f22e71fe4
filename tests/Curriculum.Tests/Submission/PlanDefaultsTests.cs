using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Submission;

namespace Curriculum.Tests.Submission;

[Trait("Speed", "fast")]
public sealed class PlanDefaultsTests
{
    [Fact]
    public void What_is_marked_as_a_default_is_the_same_when_it_is_left_out_and_what_is_not_is_another()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "samples", "quick.json"));
        var plan = PlanReader.Read(text).Plan!;

        var defaults = PlanDefaults.Of(plan);

        Assert.Contains("/evaluation/samples", defaults);
        Assert.Contains("/arms/1/stages/0/reward", defaults);
        // Given in the sample, and not what it would be without.
        Assert.DoesNotContain(defaults, pointer => pointer.StartsWith("/arms/1/stages/0/optimizer/matrices", StringComparison.Ordinal) || pointer is "/name" or "/seeds" or "/budget/amount");
        var hash = PlanHash.Of(plan);
        var whole = JsonNode.Parse(PlanHash.Canonical(plan))!;
        foreach (var pointer in defaults)
        {
            var without = whole.DeepClone();
            var parts = pointer.Split('/')[1..];
            var parent = parts[..^1].Aggregate(without, (node, part) => node is JsonArray items ? items[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
            parent.AsObject().Remove(parts[^1]);
            Assert.Equal(hash, PlanReader.Read(JsonSerializer.Serialize(without)).Hash);
        }
    }
}
