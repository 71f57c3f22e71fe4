using Azure.Storage.Blobs;
using Testing;

namespace EndToEnd.Tests;

/// <summary>A plan small enough for a test, on the base that the repository ships.</summary>
internal static class Plans
{
    public const string Tiny = """
        {
          "name": "tiny",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 64, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "amount": 150000 },
          "seeds": [1, 2],
          "arms": [
            { "name": "base" },
            { "name": "srl", "stages": [{ "method": "srl", "problemsPerIteration": 2, "maxNewTokens": 12, "rolloutItems": 0, "checkpointEvery": 2 }] },
            {
              "name": "srl-rlvr",
              "stages": [
                { "method": "srl", "share": 0.5, "problemsPerIteration": 2, "maxNewTokens": 12, "checkpointEvery": 2 },
                { "method": "rlvr", "share": 0.5, "problemsPerIteration": 8, "admission": { "refillRounds": 1 }, "checkpointEvery": 2 }
              ]
            },
            { "name": "sft", "stages": [{ "method": "sft", "problemsPerIteration": 8, "updatesPerItem": 4, "checkpointEvery": 8 }] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 16, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 32, "seed": 3003, "difficulty": [8] }],
            "curriculum": "srl-rlvr",
            "samples": 2,
            "bootstrapDraws": 500
          }
        }
        """;

    /// <summary>The tiny plan with the benchmark that is planted in the base's pretraining text beside the fresh one, and every probe.</summary>
    public static string Measured { get; } = Tiny
        .Replace("\"curriculum\"", "\"probes\": { \"problems\": 8, \"samples\": 2, \"passAtK\": 8, \"enablingProblems\": 8 }, \"curriculum\"", StringComparison.Ordinal)
        .Replace("\"difficulty\": [8] }],", "\"difficulty\": [8] }, { \"name\": \"planted\", \"family\": \"two-dials\", \"count\": 32, \"seed\": 1000000, \"difficulty\": [8] }],",
            StringComparison.Ordinal);

    /// <summary>Two updates of every method, algorithm and reward, half of them colocated, on levels that the base solves now and then.</summary>
    public const string EveryMethod = """
        {
          "name": "methods",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 32, "seed": 3101, "difficulty": [5, 6, 7], "demonstrations": 16 },
          "budget": { "unit": "updates", "amount": 2 },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "sft-steps", "stages": [{ "method": "sft", "target": "step", "updatesPerItem": 0, "problemsPerIteration": 4 }] },
            { "name": "srl-monologue", "stages": [{ "method": "srl", "problemsPerIteration": 2, "rolloutItems": 0, "maxNewTokens": 12, "monologue": { "maxTokens": 4 } }] },
            { "name": "srl-titles", "stages": [{ "method": "srl", "problemsPerIteration": 2, "maxNewTokens": 12, "titles": true }] },
            { "name": "srl-one-step", "stages": [{ "method": "srl", "target": "solution", "problemsPerIteration": 4 }] },
            { "name": "grpo-kl", "stages": [{ "method": "rlvr", "algorithm": "grpo", "rolloutItems": 0, "loss": { "klWeight": 0.1 } }] },
            { "name": "dr-grpo", "stages": [{ "method": "rlvr", "algorithm": "dr-grpo" }] },
            { "name": "dapo", "stages": [{ "method": "rlvr", "algorithm": "dapo" }] },
            { "name": "ppo", "stages": [{ "method": "rlvr", "algorithm": "ppo", "rolloutItems": 0, "groupSize": 1 }] },
            { "name": "ei", "stages": [{ "method": "expert-iteration", "rolloutItems": 0, "expert": { "passes": 1, "rows": 200 } }] },
            { "name": "returns", "stages": [{ "method": "return-conditioned", "rolloutItems": 0 }] },
            { "name": "best", "stages": [{ "method": "best-of-n", "rolloutItems": 0, "best": 2 }] },
            { "name": "majority", "stages": [{ "method": "rlvr", "rolloutItems": 0, "reward": { "kind": "majority-vote", "votes": 8 } }] },
            { "name": "incorrect", "stages": [{ "method": "rlvr", "reward": { "kind": "incorrect", "votes": 8 } }] },
            { "name": "inverse", "stages": [{ "method": "rlvr", "reward": { "kind": "ground-truth", "inverse": true, "and": "format" } }] },
            { "name": "random", "stages": [{ "method": "rlvr", "reward": { "kind": "random" }, "loss": { "clipping": false, "minibatches": 2 } }] },
            { "name": "random-clipped", "stages": [{ "method": "rlvr", "reward": { "kind": "random" }, "loss": { "epochs": 2, "minibatches": 4, "clipLow": 0.05, "clipHigh": 0.05 } }] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 8, "seed": 3102, "difficulty": [6] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 8, "seed": 3103, "difficulty": [6] }],
            "curriculum": "ppo",
            "samples": 1,
            "bootstrapDraws": 100
          }
        }
        """;

    /// <summary>Uploads the shipped base as a person would.</summary>
    public static async Task UploadBaseAsync(LocalSystem stack)
    {
        var container = new BlobContainerClient(stack.Azurite.ConnectionString, "models");
        await container.CreateIfNotExistsAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(LocalSystem.Repository(), "samples", "models", "two-dials")))
            await container.GetBlobClient($"two-dials/{Path.GetFileName(file)}").UploadAsync(file, overwrite: true);
    }
}
