using System.Net;
using System.Text.Json.Nodes;
using Curriculum.Submission;
using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Purging;
using Orchestrations.Runs;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;
using Orchestrations.Webhooks;
using Orchestrations.Workflows;
using Testing;

namespace Orchestrations.Tests.Runs;

/// <summary>Over the app as it is, whose runs do nothing until a test ends them: they copy nothing of their parents.</summary>
[Trait("Speed", "slow")]
public sealed class PurgeRunTests
{
    private static readonly byte[] Quick = File.ReadAllBytes(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_kept_while_another_has_still_to_copy_from_it()
    {
        await using var app = await AppHost.StartAsync();
        var parent = await SubmitAsync(app, "parent");
        await ConcludeAsync(app, parent, RunState.Failed);
        var (accepted, reply) = await PostAsync(app, $"api/runs/{parent}/retry");
        Assert.Equal(HttpStatusCode.Accepted, accepted);
        var child = (string)JsonNode.Parse(reply)!["id"]!;

        var (refused, why) = await PostAsync(app, $"api/runs/{parent}/purge");

        Assert.Equal(HttpStatusCode.Conflict, refused);
        Assert.Contains($"{child} goes on from {parent}", why, StringComparison.Ordinal);

        // What the child has copied is its own; nothing else holds the parent.
        var blobs = app.Services.GetRequiredService<JsonBlobs>();
        await blobs.WriteAsync("runs", RunContinuation.Blob(child), "[]"u8.ToArray(), "application/json", Cancelled);
        await PurgeAsync(app, parent);
        Assert.Equal([child], await InstancesAsync(app, ""));
    }

    [Fact]
    public async Task A_run_that_is_submitted_again_after_its_purge_is_announced_again()
    {
        await using var receiver = await Receiver.StartAsync((_, context) =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        await using var app = await AppHost.StartAsync(
            null, $"Webhook:Url={receiver.Url}/hook", "Webhook:Key=a key of more than sixteen bytes", "Webhook:AllowPrivateAddresses=true");
        for (var time = 0; time < 2; time++)
        {
            var run = await SubmitAsync(app, "again");
            await ConcludeAsync(app, run, RunState.Completed);
            await app.Services.GetRequiredService<Webhook>().AnnounceAsync(
                app.Client, new() { Id = $"{run}:concluded", Type = "run.concluded", Run = run, State = "completed" }, Cancelled);
            await receiver.NextAsync();
            Assert.Equal([$"{run}:concluded"], await InstancesAsync(app, $"{run}:"));

            await PurgeAsync(app, run);
            Assert.Empty(await InstancesAsync(app, ""));
        }
    }

    private static async Task<string> SubmitAsync(AppHost app, string key)
    {
        var started = await app.Services.GetRequiredService<RunStarter>().StartAsync(app.Client, RunId.OfKey(key), PlanReader.Read(Quick).Plan!, Cancelled);
        Assert.Equal(RunStart.Started, started.Start);
        return started.Run;
    }

    private static async Task ConcludeAsync(AppHost app, string run, RunState state)
    {
        await app.Client.RaiseEventAsync(run, "conclude", new RunSummary(run, state, "It is over.", []), Cancelled);
        await app.Client.WaitForInstanceCompletionAsync(run, getInputsAndOutputs: false, Cancelled);
    }

    private static async Task PurgeAsync(AppHost app, string run)
    {
        var (accepted, reply) = await PostAsync(app, $"api/runs/{run}/purge");
        Assert.Equal((HttpStatusCode.Accepted, "purging"), (accepted, (string)JsonNode.Parse(reply)!["state"]!));
        var purge = await app.Client.WaitForInstanceCompletionAsync(PurgeOrchestrator.InstanceOf(run), getInputsAndOutputs: true, Cancelled);
        Assert.True(purge.RuntimeStatus == OrchestrationRuntimeStatus.Completed, purge.SerializedOutput);
        using var gone = await app.Http.GetAsync($"api/runs/{run}", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await app.Client.PurgeInstanceAsync(PurgeOrchestrator.InstanceOf(run), Cancelled);
    }

    private static async Task<(HttpStatusCode Code, string Body)> PostAsync(AppHost app, string path)
    {
        using var response = await app.Http.PostAsync(path, null, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<IReadOnlyList<string>> InstancesAsync(AppHost app, string prefix)
    {
        var ids = new List<string>();
        await foreach (var instance in app.Client.GetAllInstancesAsync(new() { InstanceIdPrefix = prefix }))
            ids.Add(instance.InstanceId);
        return ids;
    }
}
