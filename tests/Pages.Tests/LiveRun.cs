using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Pages.Tests;
using Testing;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(LiveRun))]
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Pages.Tests;

/// <summary>One small run over the real host, a real worker and Azurite, which all tests look at.</summary>
public sealed class LiveRun : IAsyncLifetime
{
    /// <summary>What does something where it is taken for markup, and shows in no way where it is printed raw.</summary>
    public const string Hostile = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>\u202Egnp\u0007\u001b[31m";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public const string Run = "seen";

    public const string Name = "seen-on-pages";

    /// <summary>Samples of each benchmark problem.</summary>
    public const int Samples = 3;

    /// <summary>Two arms of a few iterations each, beside the base.</summary>
    public static string Plan { get; } = $$"""
        {
          "name": "{{Name}}",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 32, "seed": 3001, "difficulty": [5, 6], "demonstrations": 8 },
          "budget": { "unit": "updates", "amount": 4 },
          "seeds": [1, 2],
          "arms": [
            { "name": "base" },
            { "name": "srl", "stages": [{ "method": "srl", "problemsPerIteration": 2, "maxNewTokens": 12, "checkpointEvery": 2 }] },
            {
              "name": "srl-rlvr",
              "stages": [
                { "method": "srl", "share": 0.5, "problemsPerIteration": 2, "maxNewTokens": 12, "checkpointEvery": 2 },
                { "method": "rlvr", "share": 0.5, "problemsPerIteration": 4, "groupSize": 4, "checkpointEvery": 2 }
              ]
            }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 8, "seed": 3002, "difficulty": [5, 6] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 16, "seed": 3003, "difficulty": [5, 6] }],
            "curriculum": "srl-rlvr",
            "samples": {{Samples}},
            "bootstrapDraws": 100,
            "probes": { "problems": 4, "samples": 2, "passAtK": 4, "enablingProblems": 4 }
          }
        }
        """;

    private Browser? _browser;

    /// <summary>Why nothing can be looked at; null where it can.</summary>
    public string? Missing { get; private set; }

    public LocalSystem System { get; private set; } = null!;

    internal Browser Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        Missing = await Browser.MissingAsync();
        if (Missing is not null)
            return;
        System = await LocalSystem.StartAsync(workers: 2);
        var models = new BlobContainerClient(System.Azurite.ConnectionString, "models");
        await models.CreateIfNotExistsAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(LocalSystem.Repository(), "samples", "models", "two-dials")))
            await models.GetBlobClient($"two-dials/{Path.GetFileName(file)}").UploadAsync(file, overwrite: true);
        await System.SubmitAsync(Plan, Run);
        var end = await System.WaitForEndAsync(Run, Limit);
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());
        _browser = await Browser.StartAsync();
    }

    /// <summary>What the public API answers.</summary>
    public async Task<JsonNode> AskAsync(string path) => JsonNode.Parse(await System.Client.GetStringAsync($"api/{path}"))!;

    /// <summary>Asks until the answer is as it is to be.</summary>
    public async Task UntilAsync(string path, Func<JsonNode, bool> isSo)
    {
        for (var began = Stopwatch.GetTimestamp(); !isSo(await AskAsync(path)); await Task.Delay(100))
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"{path} did not change.");
    }

    /// <summary>The work item in which an arm answered the first problems of the benchmark.</summary>
    public async Task<string> EvaluationAsync(string run, string arm)
    {
        var blob = new BlobContainerClient(System.Azurite.ConnectionString, "runs").GetBlobClient($"{run}/measures/{arm}.json");
        return (string)JsonNode.Parse((await blob.DownloadContentAsync()).Value.Content.ToString())!["benchmarks"]![0]!["items"]![0]!;
    }

    /// <summary>What is stored, as it lies there.</summary>
    public async Task<string> ReadAsync(string container, string name) =>
        (await new BlobContainerClient(System.Azurite.ConnectionString, container).GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString();

    /// <summary>Stores what no request would.</summary>
    public async Task WriteAsync(string container, string name, string text) =>
        await new BlobContainerClient(System.Azurite.ConnectionString, container).GetBlobClient(name).UploadAsync(BinaryData.FromString(text), overwrite: true);

    /// <summary>Changes what is stored, as nobody could who has only the API.</summary>
    public async Task ChangeAsync(string container, string name, Func<JsonNode, JsonNode> change)
    {
        var blob = new BlobContainerClient(System.Azurite.ConnectionString, container).GetBlobClient(name);
        var before = JsonNode.Parse((await blob.DownloadContentAsync()).Value.Content.ToString())!;
        await blob.UploadAsync(BinaryData.FromBytes(Encoding.UTF8.GetBytes(change(before).ToJsonString())), overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        if (System is not null)
            await System.DisposeAsync();
    }
}
