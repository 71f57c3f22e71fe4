using System.Net;
using System.Text;
using System.Text.Json;
using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Purging;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;
using Orchestrations.Workflows;
using Testing;

namespace Orchestrations.Tests.Runs;

/// <summary>What people ask of runs, over an <see cref="AppHost"/> whose runs end when a test says so.</summary>
internal static class RunsOverHttp
{
    /// <summary>A plan that needs nothing stored.</summary>
    public static string Plan { get; } = File.ReadAllText(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"))
        .Replace("\"model\": \"two-dials\"", "\"pretrain\": {}", StringComparison.Ordinal);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<(HttpStatusCode Code, string Body)> SendAsync(this AppHost app, HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await app.Http.SendAsync(request, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    public static async Task<string> SubmitAsync(this AppHost app, string key, string? plan = null)
    {
        var (code, body) = await app.SendAsync(HttpMethod.Post, "api/runs", plan ?? Plan, key);
        Assert.True(code == HttpStatusCode.Accepted, body);
        return JsonSerializer.Deserialize(body, ApiJson.Default.RunAccepted)!.Id;
    }

    public static async Task<RunStatus> StatusAsync(this AppHost app, string run)
    {
        var (code, body) = await app.SendAsync(HttpMethod.Get, $"api/runs/{run}");
        Assert.True(code == HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize(body, ApiJson.Default.RunStatus)!;
    }

    public static async Task<RunList> ListAsync(this AppHost app, string query = "")
    {
        var (code, body) = await app.SendAsync(HttpMethod.Get, $"api/runs{query}");
        Assert.True(code == HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize(body, ApiJson.Default.RunList)!;
    }

    public static async Task<ProblemDetail> RefusedAsync(this AppHost app, HttpStatusCode expected, HttpMethod method, string path, string? body = null, string? key = null)
    {
        var (code, text) = await app.SendAsync(method, path, body, key);
        Assert.True(code == expected, $"{method} {path}: {code} {text}");
        return JsonSerializer.Deserialize(text, ApiJson.Default.ProblemDetail)!;
    }

    public static async Task ConcludeAsync(this AppHost app, string run, RunState state)
    {
        await app.Client.RaiseEventAsync(run, "conclude", new RunSummary(run, state, "It is over.", []), Cancelled);
        await app.Client.WaitForInstanceCompletionAsync(run, getInputsAndOutputs: false, Cancelled);
    }

    /// <summary>Has a run purged, and waits until it is gone.</summary>
    public static async Task PurgeAsync(this AppHost app, string run)
    {
        var (accepted, reply) = await app.SendAsync(HttpMethod.Post, $"api/runs/{run}/purge");
        Assert.True(accepted == HttpStatusCode.Accepted, reply);
        Assert.Equal(RunState.Purging, JsonSerializer.Deserialize(reply, ApiJson.Default.RunStatus)!.State);
        var purge = await app.Client.WaitForInstanceCompletionAsync(PurgeOrchestrator.InstanceOf(run), getInputsAndOutputs: true, Cancelled);
        Assert.True(purge.RuntimeStatus == OrchestrationRuntimeStatus.Completed, purge.SerializedOutput);
        await app.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"api/runs/{run}");
        await app.Client.PurgeInstanceAsync(PurgeOrchestrator.InstanceOf(run), Cancelled);
    }

    /// <summary>Puts something else in the place of a blob of a run.</summary>
    public static Task OverwriteAsync(this AppHost app, string container, string name, string text) =>
        app.Services.GetRequiredService<JsonBlobs>().WriteAsync(container, name, Encoding.UTF8.GetBytes(text), "application/json", Cancelled);

    public static Task GarbleAsync(this AppHost app, string name) => app.OverwriteAsync(StorageNames.RunsContainer, name, """{"run":"x","pl""");
}
