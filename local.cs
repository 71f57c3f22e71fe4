#!/usr/bin/env dotnet
#:package Azure.Storage.Blobs
#:package Spectre.Console
#:project LocalHost/LocalHost.csproj
#:project Curriculum/Curriculum.csproj
#:property PublishAot=false

// Runs a plan on this machine, from submission to verdict: storage, the Functions app and the workers are real processes.
// Usage: dotnet run local.cs price [plan.json] [--machine NAME] [--rates rates.json]
//        dotnet run local.cs findings [NAME ...] [--again] [--workers N] [--as-built] [--configuration Debug|Release]
//        dotnet run local.cs results
//        dotnet run local.cs [plan.json] [--new] [--keep] [--workers N] [--as-built] [--configuration Debug|Release]

using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Curriculum.Api;
using Curriculum.Costs;
using Curriculum.Evaluation;
using Curriculum.Findings;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Texts;
using Curriculum.Work;
using LocalHost.Launch;
using Spectre.Console;
using Spectre.Console.Rendering;

var root = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var data = Path.Combine(root, ".local");
var live = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
if (!live)
    AnsiConsole.Profile.Width = 1000;

using var interrupted = new CancellationTokenSource();
using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
string? submitted = null;
var resumed = false;
try
{
    return args switch
    {
        ["price", .. var rest] => await PriceAsync(PriceOptions.Parse(rest), interrupted.Token),
        ["findings", .. var rest] => await FindingsAsync(FindingsOptions.Parse(rest), interrupted.Token),
        ["results"] => await WriteResultsAsync(Findings(), interrupted.Token),
        _ => await RunAsync(Options.Parse(args), interrupted.Token),
    };
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    Say(submitted is null ? "[yellow]Stopped.[/]" : $"[yellow]Stopped.[/] The same command continues run {submitted} where it stands.");
    return Exit.Interrupted;
}
catch (RefusedException refused)
{
    Say($"[red]{Markup.Escape(refused.Message)}[/]");
    return Exit.Refused;
}
catch (InvalidOperationException fault)
{
    Say($"[red]{Markup.Escape(fault.Message)}[/]");
    return Exit.Failed;
}

async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
{
    var planPath = options.Plan ?? Path.Combine(root, "samples", "quick.json");
    var (plan, hash, planBytes) = ReadPlan(planPath);
    using var held = await CheckoutLock.TakeAsync(data, cancellationToken);
    await using var processes = new LaunchedProcesses(held, root, data, options.Configuration);

    await StepAsync("Starting the storage", () => processes.StartStorageAsync(cancellationToken));
    if (!options.AsBuilt)
    {
        await StepAsync("Building LocalHost", () => processes.BuildAsync("LocalHost", cancellationToken));
        await StepAsync("Building Orchestrations", () => processes.BuildAsync("Orchestrations", cancellationToken));
        await StepAsync("Building GpuWorker", () => processes.BuildAsync("GpuWorker", cancellationToken));
    }

    await StepAsync("Uploading models and data sets", () => UploadInputsAsync(processes.DataStorage, planPath, plan, cancellationToken));
    await StepAsync($"Starting the host and {Count(options.Workers, "worker")}", () => processes.StartAsync(options.Workers, cancellationToken));
    using var runs = new RunsClient(processes.Url, processes.Key);
    // In the fragment the key is sent nowhere, and the page takes it out of the address at once.
    Say($"Pages: {processes.Url}api/app#key={processes.Key}");

    // The newest of the plan's own runs too: one that was cut off before it began is in no line.
    var (prefix, open) = ($"{plan.Name}-{hash[..6]}-", await runs.UnfinishedAsync(cancellationToken));
    var own = (await runs.ListAsync($"?limit=100&prefix={prefix}", cancellationToken)).Runs;
    var continued = options.New ? null : open.Concat(own).FirstOrDefault(run => run.PlanHash == hash && run.CanGoOn());
    var id = continued?.Id ?? NextKey(prefix, own);
    var accepted = await runs.SubmitAsync(planBytes, id, cancellationToken);
    if (continued?.State == RunState.Paused)
        await runs.ResumeAsync(id, cancellationToken);
    (submitted, resumed) = (id, continued is not null);
    Say(continued is null ? $"Run [bold]{id}[/] of {Markup.Escape(plan.Name)} started."
        : $"Run [bold]{id}[/] is {(continued.State == RunState.Paused ? "paused" : "unfinished")}: it continues. (--new starts another.)");
    Say(PriceView.Line(accepted.Price));
    foreach (var other in open.Where(run => run.Id != id))
        Say($"[yellow]Run {other.Id} is {(other.State == RunState.Unreadable ? "unreadable; purge it" : "unfinished too and shares the workers")}.[/]");

    var status = await new Watch(runs, processes, live).UntilEndAsync(id, cancellationToken);
    var code = await ConcludeAsync(runs, plan, status, cancellationToken);
    if (options.Keep)
    {
        Say("Everything is left running; Ctrl-C stops it.");
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), cancellationToken));
            foreach (var notice in processes.Check())
                Say($"[yellow]{Markup.Escape(notice)}[/]");
        }
    }

    return code;
}

FindingsFolder Findings() => new(Path.Combine(root, "samples", "findings"));

/// Runs the plans of the findings that have no result of their present text yet, one after the other, and writes the results page after each.
async Task<int> FindingsAsync(FindingsOptions options, CancellationToken cancellationToken)
{
    var folder = Findings();
    var known = folder.Findings.SelectMany(finding => finding.Plans).Distinct().ToList();
    if (options.Names.FirstOrDefault(name => !known.Any(plan => plan.StartsWith(name, StringComparison.Ordinal))) is { } unknown)
        throw new RefusedException($"Expected the beginning of a plan's name in samples/findings, found '{unknown}'. There are: {string.Join(", ", known)}.");

    var run = options.Run;
    foreach (var plan in known.Where(plan => options.Names.Count == 0 || options.Names.Any(name => plan.StartsWith(name, StringComparison.Ordinal))))
    {
        if (!options.Again && folder.Run(plan) is not null)
        {
            Say($"{plan} has its result. (--again runs it anew.)");
            continue;
        }

        var begun = TimeProvider.System.GetTimestamp();
        var code = await RunAsync(run with { Plan = folder.PlanPath(plan) }, cancellationToken);
        if (code != Exit.Completed)
            return code;
        if (resumed)
        {
            Say($"[yellow]{plan} was continued: how long it took before that is not known, and the time is a part of a result, so none is stored. The same command runs it anew.[/]");
            return Exit.Failed;
        }

        var seconds = (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        folder.Store(plan, await File.ReadAllBytesAsync(Path.Combine(data, "runs", submitted!, "verdict.json"), cancellationToken), seconds);
        await WriteResultsAsync(folder, cancellationToken);
        (run, submitted) = (run with { AsBuilt = true }, null);
    }

    return await WriteResultsAsync(folder, cancellationToken);
}

/// Writes docs/RESULTS.md from what is stored, and runs nothing.
async Task<int> WriteResultsAsync(FindingsFolder folder, CancellationToken cancellationToken)
{
    var path = Path.Combine(root, "docs", "RESULTS.md");
    await File.WriteAllTextAsync(path, folder.Page(), cancellationToken);
    Say($"Written: {Markup.Escape(path)}");
    return Exit.Completed;
}

/// Prices a plan and runs nothing.
async Task<int> PriceAsync(PriceOptions options, CancellationToken cancellationToken)
{
    var path = options.Plan ?? Path.Combine(root, "samples", "quick.json");
    var (plan, _, _) = ReadPlan(path);
    var price = await options.PriceAsync(plan, Path.Combine(root, "samples", "models"), cancellationToken);
    AnsiConsole.Write(PriceView.Table(price));
    Say(PriceView.Line(price));
    return CostCap.Check(plan, price) is { } over ? throw RefusedException.Of(path, [(over.Pointer, over.Message)]) : Exit.Completed;
}

/// The plan and its hash, or every violation.
static (RunPlan Plan, string Hash, byte[] Bytes) ReadPlan(string path)
{
    if (!File.Exists(path))
        throw new RefusedException($"Expected a plan; there is no file {path}.");
    var bytes = File.ReadAllBytes(path);
    var reading = PlanReader.Read(bytes);
    return reading.Valid
        ? (reading.Plan, reading.Hash, bytes)
        : throw RefusedException.Of(path, reading.Violations.Select(violation => (violation.Pointer, violation.Message)));
}

/// What the container lacks of a folder's files, or holds with other content.
async Task UploadAsync(string connection, string folder, IEnumerable<string> files, string target, CancellationToken cancellationToken)
{
    var container = new BlobServiceClient(connection).GetBlobContainerClient(target);
    await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    foreach (var file in files.Where(File.Exists))
    {
        var blob = container.GetBlobClient(Path.GetRelativePath(folder, file).Replace('\\', '/'));
        // Not through memory: models may be larger.
        await using var content = File.OpenRead(file);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        if (await blob.ExistsAsync(cancellationToken)
            && (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata.TryGetValue("sha256", out var stored)
            && stored == hash)
        {
            continue;
        }

        content.Position = 0;
        var upload = new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["sha256"] = hash } };
        await blob.UploadAsync(content, upload, cancellationToken);
    }
}

/// The shipped models, and the model and data sets of the plan's name that lie in the plan's own folder.
async Task UploadInputsAsync(string connection, string planPath, RunPlan plan, CancellationToken cancellationToken)
{
    var shipped = Path.Combine(root, "samples", "models");
    await UploadAsync(connection, shipped, Files(shipped), StorageNames.ModelsContainer, cancellationToken);

    var folder = Path.GetDirectoryName(Path.GetFullPath(planPath))!;
    if (plan.Base.Model is { } model)
        await UploadAsync(connection, Path.Combine(folder, "models"), Files(Path.Combine(folder, "models", model)), StorageNames.ModelsContainer, cancellationToken);
    ProblemSetPlan[] sets = [plan.Training, plan.Evaluation.Validation, .. plan.Evaluation.Benchmarks];
    var datasets = sets.Select(set => set.Dataset).OfType<string>().Distinct().Select(name => Path.Combine(folder, name));
    await UploadAsync(connection, folder, datasets, StorageNames.DatasetsContainer, cancellationToken);

    static IEnumerable<string> Files(string at) => Directory.Exists(at) ? Directory.EnumerateFiles(at, "*", SearchOption.AllDirectories) : [];
}

/// The first number of the plan that is above all others: the key is the run's id, so it can be read.
static string NextKey(string prefix, IEnumerable<RunStatus> own)
{
    var used = own.Select(run => int.TryParse(run.Id[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
    return prefix + (used.DefaultIfEmpty(0).Max() + 1).ToString(CultureInfo.InvariantCulture);
}

/// Keeps the conclusion in .local/runs and prints it.
async Task<int> ConcludeAsync(RunsClient runs, RunPlan plan, RunStatus status, CancellationToken cancellationToken)
{
    var folder = Path.Combine(data, "runs", status.Id);
    if (await runs.DownloadAsync(status.Id, "verdict", cancellationToken) is { } bytes)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "verdict.json"), bytes, cancellationToken);
        var verdict = JsonSerializer.Deserialize(bytes, VerdictJson.Default.RunVerdict)!;
        foreach (var part in VerdictView.Of(plan, verdict))
            AnsiConsole.Write(part);
    }

    foreach (var failure in status.Failures ?? [])
        Say($"[red]{Markup.Escape(failure.Text)}[/]");
    if (status.State == RunState.Canceled)
        Say($"[yellow]{Markup.Escape(status.Headline ?? "Canceled.")}[/]");
    else if (status.State != RunState.Completed)
        Say($"[red]The run ended as {ApiJson.Code(status.State)}.[/]");
    if (await runs.DownloadAsync(status.Id, "report", cancellationToken) is { } report)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "report.html");
        await File.WriteAllBytesAsync(path, report, cancellationToken);
        AnsiConsole.WriteLine($"Report: {path}");
    }

    return status.State == RunState.Completed ? Exit.Completed : Exit.Failed;
}

async Task StepAsync(string what, Func<Task> step)
{
    if (live)
    {
        await AnsiConsole.Status().StartAsync($"{what} ...", _ => step());
    }
    else
    {
        Say($"{what} ...");
        await step();
    }
}

void Interrupt(PosixSignalContext signal)
{
    // The first asks for a clean end; a second one ends at once, and the children with it.
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

// What plans, data and models wrote is shown, and never obeyed.
static void Say(string markup) => AnsiConsole.MarkupLine(VisibleText.Of(markup));

static string Count(int number, string what) => FormattableString.Invariant($"{number} {what}{(number == 1 ? "" : "s")}");

internal static class Exit
{
    public const int Completed = 0;
    public const int Failed = 1;
    public const int Refused = 2;
    public const int Interrupted = 130;
}

/// <summary>The command line or the plan is wrong: nothing was submitted.</summary>
internal sealed class RefusedException(string message) : Exception(message)
{
    public static RefusedException Of(string plan, IEnumerable<(string Pointer, string Message)> violations) =>
        new($"{plan} is refused:\n{string.Join('\n', violations.Select(violation => $"  {(violation.Pointer.Length == 0 ? "(document)" : violation.Pointer)}: {violation.Message}"))}");
}

internal sealed record Options
{
    private const string Usage = "Usage: dotnet run local.cs [plan.json] [--new] [--keep] [--workers N] [--as-built] [--configuration Debug|Release]";

    public string? Plan { get; init; }

    /// <summary>Starts another run although one of this plan is unfinished.</summary>
    public bool New { get; init; }

    /// <summary>Leaves everything running after the verdict.</summary>
    public bool Keep { get; init; }

    public int Workers { get; init; } = 2;

    /// <summary>Starts what was built before, without a look at the sources.</summary>
    public bool AsBuilt { get; init; }

    public string Configuration { get; init; } = "Release";

    public static Options Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new(),
        [.. var rest, "--new"] => Parse(rest) with { New = true },
        [.. var rest, "--keep"] => Parse(rest) with { Keep = true },
        [.. var rest, "--as-built"] => Parse(rest) with { AsBuilt = true },
        [.. var rest, "--configuration", "Debug" or "Release"] => Parse(rest) with { Configuration = arguments[^1] },
        [.. var rest, "--workers", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var workers) && workers is > 0 and <= 64 =>
            Parse(rest) with { Workers = workers },
        [.. var rest, var plan] when !plan.StartsWith('-') && Parse(rest) is { Plan: null } options => options with { Plan = plan },
        [.., var unknown] => throw new RefusedException($"Not understood: '{unknown}'. {Usage}"),
    };
}

/// <summary>What <c>findings</c> was asked.</summary>
internal sealed record FindingsOptions
{
    /// <summary>Beginnings of plans' names, so that <c>2</c> is the second finding; all where there is none.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Runs also what has its result.</summary>
    public bool Again { get; init; }

    public Options Run { get; init; } = new();

    public static FindingsOptions Parse(IReadOnlyList<string> arguments)
    {
        List<string> names = [.. arguments.TakeWhile(argument => !argument.StartsWith('-'))];
        string[] rest = [.. arguments.Skip(names.Count)];
        var run = Options.Parse([.. rest.Where(argument => argument != "--again")]);
        return run is { Plan: null, Keep: false }
            ? new() { Names = names, Again = rest.Contains("--again"), Run = run }
            : throw new RefusedException("Usage: dotnet run local.cs findings [NAME ...] [--again] [--workers N] [--as-built] [--configuration Debug|Release]");
    }
}

/// <summary>What <c>price</c> was asked.</summary>
internal sealed record PriceOptions
{
    private const string Usage = "Usage: dotnet run local.cs price [plan.json] [--machine NAME] [--rates rates.json]";

    public string? Plan { get; init; }

    /// <summary>Name in the rate table.</summary>
    public string Machine { get; init; } = "cpu";

    /// <summary>A rate table of one's own.</summary>
    public string? Rates { get; init; }

    public static PriceOptions Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new(),
        [.. var rest, "--machine", var machine] => Parse(rest) with { Machine = machine },
        [.. var rest, "--rates", var rates] => Parse(rest) with { Rates = rates },
        [.. var rest, var plan] when !plan.StartsWith('-') && Parse(rest) is { Plan: null } options => options with { Plan = plan },
        [.., var unknown] => throw new RefusedException($"Not understood: '{unknown}'. {Usage}"),
    };

    /// <summary>The price for a policy of the size of the plan's base, where that lies in the folder.</summary>
    public async Task<PlanPrice> PriceAsync(RunPlan plan, string models, CancellationToken cancellationToken)
    {
        try
        {
            var rates = Rates is null ? RateTable.Shipped : RateTable.Read(await File.ReadAllBytesAsync(Rates, cancellationToken));
            long? parameters = null;
            var weights = Path.Combine(models, plan.Base.Model ?? "", "model.safetensors");
            if (plan.Base.Model is not null && File.Exists(weights))
            {
                await using var file = File.OpenRead(weights);
                parameters = await SafetensorsSize.ParametersAsync(file, cancellationToken);
            }

            return PlanPricing.Of(plan, rates, Machine, parameters);
        }
        catch (Exception fault) when (fault is ArgumentException or JsonException or IOException)
        {
            throw new RefusedException(fault.Message);
        }
    }
}

/// <summary>A price in words.</summary>
internal static class PriceView
{
    public static Table Table(PlanPrice price)
    {
        var table = new Table().RoundedBorder().AddColumns("part", "worker seconds", "count", $"cost in {price.Currency}");
        foreach (var line in price.Lines)
            table.AddRow(Markup.Escape(line.Part), Range(line.WorkerSeconds, "#,0"), line.Count is null ? "" : $"{Range(line.Count, "#,0")} {line.Unit}", Range(line.Cost, "0.0000"));
        return table;
    }

    public static string Line(PlanPrice price) => Markup.Escape(price.Total is { } total
        ? FormattableString.Invariant($"Priced at {Range(total, "0.00##")} {price.Currency} and {Range(price.WorkerSeconds, "#,0")} worker seconds on '{price.Machine}' in Azure (rates of {price.RatesAsOf}, docs/COST.md).")
        : $"Not priced: {price.Missing}");

    private static string Range(CostRange? range, string format) => range is null ? "-"
        : range.Least.ToString(format, CultureInfo.InvariantCulture) is var least && range.Most.ToString(format, CultureInfo.InvariantCulture) is var most && least == most
            ? least
            : $"{least} to {most}";
}

/// <summary>The HTTP API of the Functions app.</summary>
internal sealed class RunsClient : IDisposable
{
    private readonly HttpClient _http;

    public RunsClient(Uri url, string key)
    {
        _http = new() { BaseAddress = new(url, "api/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    public async Task<RunList> ListAsync(string query, CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync($"runs{query}", ApiJson.Default.RunList, cancellationToken))!;

    /// <summary>All runs that have not ended, the newest first.</summary>
    public async Task<IReadOnlyList<RunStatus>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var found = new List<RunStatus>();
        for (string? before = ""; before is not null;)
        {
            var page = await ListAsync($"?unfinished=true&limit=100&before={before}", cancellationToken);
            found.AddRange(page.Runs);
            before = page.Next;
        }

        return found;
    }

    public async Task<RunStatus> GetAsync(string id, CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync($"runs/{id}", ApiJson.Default.RunStatus, cancellationToken))!;

    /// <summary>Lets a paused run go on.</summary>
    public async Task ResumeAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync($"runs/{id}/resume", content: null, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"The host did not resume run {id} ({(int)response.StatusCode}): {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Submits the plan under the key; the same key again is the same run.</summary>
    public async Task<RunAccepted> SubmitAsync(byte[] plan, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "runs") { Content = new ByteArrayContent(plan) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Idempotency-Key", key);
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return (await response.Content.ReadFromJsonAsync(ApiJson.Default.RunAccepted, cancellationToken))!;
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonSerializer.Deserialize(body, ApiJson.Default.ProblemDetail)
            : null;
        throw problem is { Errors: { Count: > 0 } errors }
            ? RefusedException.Of("The plan", errors.Select(error => (error.Pointer, error.Detail)))
            : new InvalidOperationException($"The host did not take the plan ({(int)response.StatusCode}): {problem?.Detail ?? body}");
    }

    /// <summary>A part of the conclusion, or null where the run has none.</summary>
    public async Task<byte[]?> DownloadAsync(string id, string part, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"runs/{id}/{part}", cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>Shows a run until it has ended: a table that is kept up to date, or a line per change where output is redirected.</summary>
internal sealed class Watch(RunsClient runs, LaunchedProcesses processes, bool live)
{
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    private readonly List<string> _notices = [];
    private readonly Dictionary<string, (string Shown, int Iteration, long At)> _lines = [];
    private readonly long _startedAt = TimeProvider.System.GetTimestamp();
    private double? _firstShare;

    public async Task<RunStatus> UntilEndAsync(string id, CancellationToken cancellationToken)
    {
        if (!live)
            return await FollowAsync(id, WriteChanges, cancellationToken);
        RunStatus? last = null;
        await AnsiConsole.Live(new Text("")).StartAsync(async display =>
            last = await FollowAsync(id, run => display.UpdateTarget(Table(run)), cancellationToken));
        return last!;
    }

    private async Task<RunStatus> FollowAsync(string id, Action<RunStatus> show, CancellationToken cancellationToken)
    {
        var heardAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (var notice in processes.Check())
            {
                var warning = $"[yellow]{Markup.Escape(notice)}[/]";
                _notices.Add(warning);
                if (!live)
                    AnsiConsole.MarkupLine(warning);
            }

            try
            {
                var run = await runs.GetAsync(id, cancellationToken);
                heardAt = TimeProvider.System.GetTimestamp();
                show(run);
                if (run.HasEnded || run.State is RunState.Unreadable or RunState.Purging)
                    return run;
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // A busy host may miss a request; a dead one is found above.
                if (TimeProvider.System.GetElapsedTime(heardAt) > SilenceLimit)
                    throw new InvalidOperationException($"The host has not answered for {SilenceLimit.TotalSeconds:0} s: {fault.Message}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private Rows Table(RunStatus run)
    {
        var table = new Table().RoundedBorder().AddColumns("arm", "seed", "stage", "iteration", "reward", "useful", "validation", "tokens/s", "budget", "note");
        foreach (var arm in run.Arms ?? [])
        {
            table.AddRow(
                Markup.Escape(arm.Arm), Text(arm.Seed), Stage(arm), Text(arm.Iteration), Text(arm.MeanReward, "0.00"), Text(arm.UsefulGroups, "0 %"),
                Text(arm.ValidationAccuracy, "0.0 %"), Text(arm.TokensPerSecond, "#,0"), Bar(arm.Share), Markup.Escape(Note(arm)));
        }

        return new Rows([new Markup(Summary(run)), table, .. _notices.Select(notice => new Markup(notice))]);
    }

    private void WriteChanges(RunStatus run)
    {
        WriteChange("", $"{run.State}/{run.Phase}", 0, () => Summary(run));
        foreach (var arm in run.Arms ?? [])
        {
            WriteChange($"{arm.Arm}/{arm.Seed}", $"{arm.Stage}/{arm.Attempt}/{arm.Outcome}/{arm.ValidationAccuracy}/{arm.Waiting}", arm.Iteration, () => Markup.Escape(string.Join(
                "  ", $"{arm.Arm}/{Text(arm.Seed)}", Stage(arm), $"iteration {Text(arm.Iteration)}", $"reward {Text(arm.MeanReward, "0.00")}", $"useful {Text(arm.UsefulGroups, "0 %")}",
                $"validation {Text(arm.ValidationAccuracy, "0.0 %")}", $"{Text(arm.TokensPerSecond, "#,0")} tokens/s", $"spent {Text(arm.Share, "0 %")}", Note(arm))));
        }
    }

    /// <summary>Writes a line where something new is to be told; iterations are many, and are news every ten seconds only.</summary>
    private void WriteChange(string key, string shown, int iteration, Func<string> line)
    {
        if (_lines.TryGetValue(key, out var last)
            && last.Shown == shown
            && (last.Iteration == iteration || TimeProvider.System.GetElapsedTime(last.At) < LineEvery))
        {
            return;
        }

        _lines[key] = (shown, iteration, TimeProvider.System.GetTimestamp());
        AnsiConsole.MarkupLine(line().TrimEnd());
    }

    private string Summary(RunStatus run)
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_startedAt);
        var share = run.Trainings == 0 ? 1 : (run.Arms ?? []).Sum(arm => arm.HasEnded ? 1 : Math.Min(1, arm.Share)) / run.Trainings;
        _firstShare ??= share;
        var text = $"[bold]{run.Id}[/]  {(run.State == RunState.Running ? run.Phase : null) ?? ApiJson.Code(run.State)}  {elapsed:mm\\:ss}  {share.ToString("0 %", CultureInfo.InvariantCulture)} of the training budget spent";
        // What was spent before this process looked on says nothing about the speed.
        return share < 1 && share - _firstShare > 0.02
            ? $"{text}, about {elapsed * ((1 - share) / (share - _firstShare.Value)):mm\\:ss} of training left"
            : text;
    }

    private static string Stage(ArmProgress arm) => arm.Method is null ? "" : FormattableString.Invariant($"{arm.Stage + 1}/{arm.Stages} {ApiJson.Code(arm.Method.Value)}");

    private static string Note(ArmProgress arm) => arm.Outcome is { } outcome ? ApiJson.Code(outcome) : arm.Waiting ?? "";

    private static string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * 12);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', 12 - full)}[/] {share.ToString("0 %", CultureInfo.InvariantCulture)}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}

/// <summary>The verdict as tables.</summary>
internal static class VerdictView
{
    public static IEnumerable<IRenderable> Of(RunPlan plan, RunVerdict verdict)
    {
        foreach (var benchmark in plan.Evaluation.Benchmarks)
        {
            var table = new Table().RoundedBorder().Title(Markup.Escape(FormattableString.Invariant($"{benchmark.Name}: {benchmark.Count} problems, {verdict.Confidence * 100:0.#} % intervals")))
                .AddColumns("arm", "sampled %", "by seed", "greedy %", "by seed", "ended");
            foreach (var arm in verdict.Arms)
            {
                var mean = arm.Benchmarks.FirstOrDefault(found => found.Name == benchmark.Name);
                var seeds = arm.Seeds.Select(seed => seed.Benchmarks.FirstOrDefault(found => found.Name == benchmark.Name)).ToList();
                table.AddRow(
                    Markup.Escape(arm.Arm), Percent(mean?.Sampled), string.Join(" / ", seeds.Select(seed => Percent(seed?.Sampled))),
                    Percent(mean?.Greedy), string.Join(" / ", seeds.Select(seed => Percent(seed?.Greedy.Value))), Ended(arm));
            }

            yield return table;
        }

        foreach (var comparison in verdict.Comparisons)
        {
            var difference = comparison.Difference is { } found
                ? FormattableString.Invariant($"{found.Value * 100:+0.0;-0.0;0.0} points ({found.Low * 100:+0.0;-0.0;0.0} to {found.High * 100:+0.0;-0.0;0.0})")
                : "no difference could be taken";
            var decision = comparison.Decision switch { Decision.Wins => "[green]wins[/]", Decision.Loses => "[red]loses[/]", _ => "[yellow]undecided[/]" };
            yield return new Markup($"{Markup.Escape($"{comparison.Curriculum} against {comparison.Against}")}: {decision}, {difference}. {Markup.Escape(string.Join(" ", comparison.Reasons))}\n");
        }

        foreach (var caveat in verdict.Caveats)
            yield return new Markup($"[grey]{Markup.Escape(caveat)}[/]\n");
        yield return new Markup($"[bold]{Markup.Escape(verdict.Headline)}[/]\n");
    }

    /// <summary>How the seeds' stages ended, the outcomes alone where all are alike.</summary>
    private static string Ended(ArmVerdict arm)
    {
        var seeds = arm.Seeds.Select(seed => seed.Failure is null
            ? string.Join(", ", seed.Stages.Select(stage => ApiJson.Code(stage.Outcome)).Distinct().DefaultIfEmpty("-"))
            : "[red]failed[/]").ToList();
        return seeds.Distinct().Count() == 1 ? seeds[0] : string.Join(" / ", seeds);
    }

    private static string Percent(Estimate? estimate) => estimate is null
        ? "-"
        : FormattableString.Invariant($"{estimate.Value * 100:0.0} ({estimate.Low * 100:0.0} to {estimate.High * 100:0.0})");

    private static string Percent(double? share) => share is { } value ? (value * 100).ToString("0.0", CultureInfo.InvariantCulture) : "-";
}

internal static class RunChoice
{
    /// <summary>Whether the command that submitted a run's plan can see it to its end: a cancellation is not taken back.</summary>
    public static bool CanGoOn(this RunStatus run) => run.State is RunState.Pending or RunState.Running or RunState.Paused;
}
