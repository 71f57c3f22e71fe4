using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Submission;

/// <summary>Finds which values of a completed plan are those that it would have without them.</summary>
public static class PlanDefaults
{
    /// <summary>JSON pointers of the values that are defaults; of a whole object or list that is one, its own alone.</summary>
    public static IReadOnlyList<string> Of(RunPlan plan)
    {
        var whole = JsonSerializer.SerializeToNode(plan, CurriculumJson.Default.RunPlan)!;
        var text = whole.ToJsonString();
        var found = new List<string>();
        Look(whole, "");
        return found;

        void Look(JsonNode? node, string pointer)
        {
            if (node is JsonArray items)
            {
                for (var index = 0; index < items.Count; index++)
                    Look(items[index], FormattableString.Invariant($"{pointer}/{index}"));
            }

            if (node is not JsonObject members)
                return;
            foreach (var (name, value) in members.ToList())
            {
                var child = $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
                var at = members.IndexOf(name);
                members.RemoveAt(at);
                var isDefault = Completed(whole) == text;
                members.Insert(at, name, value);
                if (isDefault)
                    found.Add(child);
                else
                    Look(value, child);
            }
        }
    }

    /// <summary>The plan with its defaults filled in; null where it is no plan.</summary>
    private static string? Completed(JsonNode document)
    {
        var findings = new PlanFindings(1);
        var completed = new PlanStructure(findings).Check(JsonSerializer.SerializeToElement(document, PlanNodes.Default.JsonNode), PlanSchema.Exported, "");
        return findings.Any ? null : JsonSerializer.SerializeToNode(completed.Deserialize(CurriculumJson.Default.RunPlan)!, CurriculumJson.Default.RunPlan)!.ToJsonString();
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonNode))]
internal sealed partial class PlanNodes : System.Text.Json.Serialization.JsonSerializerContext;
