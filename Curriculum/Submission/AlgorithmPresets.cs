using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Curriculum.Plans;

namespace Curriculum.Submission;

/// <summary>What each <see cref="Algorithm"/> sets for keys that a stage leaves out; the frozen plan states them all.</summary>
internal static class AlgorithmPresets
{
    private static readonly FrozenDictionary<string, JsonObject> ByName = new Dictionary<string, string>
    {
        ["grpo"] = """
            {
              "advantage": { "estimator": "group", "std": "population" },
              "loss": { "aggregation": "seq-mean-token-mean", "clipLow": 0.2, "clipHigh": 0.2 }
            }
            """,
        ["dr-grpo"] = """
            {
              "advantage": { "estimator": "group", "std": "none" },
              "loss": { "aggregation": "seq-mean-token-sum-norm", "clipLow": 0.2, "clipHigh": 0.2 }
            }
            """,
        ["dapo"] = """
            {
              "reward": { "overlongBuffer": 0.2 },
              "advantage": { "estimator": "group", "std": "population" },
              "loss": { "aggregation": "token-mean", "clipLow": 0.2, "clipHigh": 0.28 }
            }
            """,
        ["ppo"] = """
            {
              "advantage": { "estimator": "gae", "gamma": 1, "lambda": 1, "whiten": true },
              "loss": { "aggregation": "token-mean", "clipLow": 0.2, "clipHigh": 0.2, "klWeight": 0.05, "valueWeight": 0.5, "epochs": 2, "minibatches": 2 }
            }
            """,
    }.ToFrozenDictionary(pair => pair.Key, pair => JsonNode.Parse(pair.Value)!.AsObject());

    /// <summary>The settings of that name; null where there is none.</summary>
    public static JsonObject? Of(string name) => ByName.GetValueOrDefault(name);
}
