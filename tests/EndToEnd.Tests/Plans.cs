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
            { "name": "srl", "stages": [{ "method": "srl", "problemsPerIteration": 2, "maxNewTokens": 12, "checkpointEvery": 2 }] },
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

    /// <summary>Uploads the shipped base as a person would.</summary>
    public static async Task UploadBaseAsync(LocalSystem stack)
    {
        var container = new BlobContainerClient(stack.Azurite.ConnectionString, "models");
        await container.CreateIfNotExistsAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(LocalSystem.Repository(), "samples", "models", "two-dials")))
            await container.GetBlobClient($"two-dials/{Path.GetFileName(file)}").UploadAsync(file, overwrite: true);
    }
}
