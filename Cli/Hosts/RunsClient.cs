using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cli.Terminal;
using Curriculum.Api;
using Curriculum.Evaluation;

namespace Cli.Hosts;

/// <summary>The HTTP API, with its refusals turned into messages.</summary>
internal sealed class RunsClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _url;

    public RunsClient(HostAddress host)
    {
        _url = host.Url;
        _http = new() { BaseAddress = new(host.Url, "api/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Add("x-functions-key", host.Key);
    }

    public Task<RunList> ListAsync(int limit, string? before, string? prefix, bool unfinished, CancellationToken cancellationToken) => ReadAsync(
        FormattableString.Invariant($"runs?limit={limit}{Part("before", before)}{Part("prefix", prefix)}{(unfinished ? "&unfinished=true" : "")}"),
        ApiJson.Default.RunList, cancellationToken);

    /// <summary>All runs that have not ended, the newest first.</summary>
    public async Task<IReadOnlyList<RunStatus>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var found = new List<RunStatus>();
        string? before = null;
        do
        {
            var page = await ListAsync(100, before, prefix: null, unfinished: true, cancellationToken);
            found.AddRange(page.Runs);
            before = page.Next;
        }
        while (before is not null);
        return found;
    }

    public Task<RunStatus> StatusAsync(string run, CancellationToken cancellationToken) => ReadAsync(Run(run), ApiJson.Default.RunStatus, cancellationToken);

    public Task<Study> StudyAsync(IEnumerable<string> runs, CancellationToken cancellationToken) =>
        ReadAsync($"study?{string.Join('&', runs.Select(run => $"run={Uri.EscapeDataString(run)}"))}", StudyJson.Default.Study, cancellationToken);

    /// <summary>Every figure of the training.</summary>
    public Task<RunMetrics> MetricsAsync(string run, string? arm, string? seed, CancellationToken cancellationToken) =>
        ReadAsync($"{Run(run)}/metrics?{$"{Part("arm", arm)}{Part("seed", seed)}".TrimStart('&')}", ApiJson.Default.RunMetrics, cancellationToken);

    /// <summary>Some trajectories, as the host answers.</summary>
    /// <param name="run">The run.</param>
    /// <param name="filters">Parameters of the query; those without a value are left out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<byte[]> TrajectoriesAsync(string run, IEnumerable<(string Name, string? Value)> filters, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Run(run)}/trajectories?{string.Concat(filters.Select(filter => Part(filter.Name, filter.Value))).TrimStart('&')}");
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>One trajectory with its completions, as the host answers.</summary>
    public async Task<byte[]> TrajectoryAsync(string run, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Run(run)}/trajectories/{Uri.EscapeDataString(key)}");
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Submits the plan under the key; the same key again is the same run.</summary>
    public Task<RunAccepted> SubmitAsync(byte[] plan, string? key, CancellationToken cancellationToken) => SubmitAsync("runs", plan, key, cancellationToken);

    /// <summary>Starts a run that goes on from another's checkpoints.</summary>
    public Task<RunAccepted> ForkAsync(string run, byte[] plan, int? stage, int? updates, string? key, CancellationToken cancellationToken) =>
        SubmitAsync(FormattableString.Invariant($"{Run(run)}/fork?{(stage is null ? "" : $"stage={stage}&")}{(updates is null ? "" : $"updates={updates}")}"), plan, key, cancellationToken);

    /// <summary>Starts a run that does again what failed.</summary>
    public async Task<RunAccepted> RetryAsync(string run, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Run(run)}/retry");
        return Read(await SendAsync(request, cancellationToken), ApiJson.Default.RunAccepted);
    }

    /// <summary>Asks for what has no answer beside that it was taken: <c>pause</c>, <c>resume</c> or <c>purge</c>.</summary>
    public async Task AskAsync(string run, string what, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Run(run)}/{what}");
        await SendAsync(request, cancellationToken);
    }

    public async Task CancelAsync(string run, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Run(run));
        await SendAsync(request, cancellationToken);
    }

    /// <summary>Keeps a schedule, in the place of an earlier one of the name.</summary>
    public async Task<byte[]> ScheduleAsync(string name, byte[] schedule, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"schedules/{Uri.EscapeDataString(name)}") { Content = Json(schedule) };
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>A part of the conclusion, or null where the run has none yet.</summary>
    public async Task<byte[]?> ConclusionAsync(string run, string part, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Run(run)}/{part}");
        using var response = await TrySendAsync(request, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound && (await ProblemAsync(response, cancellationToken))?.Code == ProblemCode.NotConcluded
            ? null
            : await ContentAsync(response, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static string Run(string run) => $"runs/{Uri.EscapeDataString(run)}";

    private static string Part(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new("application/json") } };

    private async Task<RunAccepted> SubmitAsync(string path, byte[] plan, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(plan) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return Read(await SendAsync(request, cancellationToken), ApiJson.Default.RunAccepted);
    }

    private async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return Read(await SendAsync(request, cancellationToken), type);
    }

    private T Read<T>(byte[] content, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw CommandException.NoHost($"{_url} does not answer as a host of this version does: check the address, or update one of the two.");
        }
    }

    private async Task<byte[]> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await TrySendAsync(request, cancellationToken);
        return await ContentAsync(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> TrySendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw CommandException.NoHost($"{_url} does not answer: {(fault is TaskCanceledException ? "nothing came within 30 s" : fault.Message)}.");
        }
    }

    private async Task<byte[]> ContentAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw CommandException.NoHost($"{_url} does not take the key: set {HostAddress.KeyVariable} to one of the app's function keys.");
        var problem = await ProblemAsync(response, cancellationToken);
        throw problem switch
        {
            { Errors: { Count: > 0 } errors } => CommandException.Refused($"{problem.Title}\n{Violations.Lines(errors.Select(error => (error.Pointer, error.Detail)))}"),
            not null when response.StatusCode == HttpStatusCode.BadRequest => CommandException.Refused($"{problem.Title} {problem.Detail}"),
            not null => CommandException.Failed($"{problem.Title} {problem.Detail}"),
            null when response.StatusCode == HttpStatusCode.ServiceUnavailable => CommandException.NoHost($"{_url} is not ready yet (503): try again in a moment."),
            null => CommandException.Failed($"{_url} answered {(int)response.StatusCode} without saying why."),
        };
    }

    private static async Task<ProblemDetail?> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return null;
        try
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), ApiJson.Default.ProblemDetail);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
