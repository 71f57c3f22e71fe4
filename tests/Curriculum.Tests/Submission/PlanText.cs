using System.Text.Json.Nodes;
using Curriculum.Submission;

namespace Curriculum.Tests.Submission;

/// <summary>A valid plan as text, and ways to spoil it.</summary>
internal static class PlanText
{
    public const string Valid = """
        {
          "name": "two-dials-small",
          "base": { "pretrain": {} },
          "training": { "family": "two-dials", "count": 512, "seed": 11, "difficulty": [8], "demonstrations": 12 },
          "budget": { "amount": 2200000 },
          "seeds": [1, 2, 3],
          "arms": [
            { "name": "base" },
            { "name": "srl", "stages": [{ "method": "srl", "problemsPerIteration": 4 }] },
            { "name": "srl-rlvr", "stages": [
              { "method": "srl", "share": 0.3, "problemsPerIteration": 4 },
              { "method": "rlvr", "share": 0.7, "loss": { "clipping": false } } ] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 128, "seed": 12, "difficulty": [8] },
            "benchmarks": [{ "name": "clean", "family": "two-dials", "count": 256, "seed": 13, "difficulty": [8] }],
            "curriculum": "srl-rlvr"
          }
        }
        """;

    /// <summary>The valid plan with values set, by pointer; null text removes the key.</summary>
    public static string With(params (string Pointer, string? Json)[] changes)
    {
        var root = JsonNode.Parse(Valid)!;
        foreach (var (pointer, json) in changes)
        {
            var path = pointer.Split('/')[1..];
            var parent = path[..^1].Aggregate(root, (node, key) => node is JsonArray array ? array[int.Parse(key)]! : node[key] ??= new JsonObject());
            if (parent is JsonArray items)
                items[int.Parse(path[^1])] = JsonNode.Parse(json!);
            else if (json is null)
                parent.AsObject().Remove(path[^1]);
            else
                parent[path[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString();
    }

    public static PlanReading Read(params (string Pointer, string? Json)[] changes) => PlanReader.Read(With(changes));
}
