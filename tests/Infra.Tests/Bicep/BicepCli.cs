using System.Diagnostics;
using System.Reflection;
using StreamJsonRpc;

namespace Infra.Tests.Bicep;

/// <summary>The Bicep CLI: one process that answers requests for all tests, and single commands.</summary>
public sealed class BicepCli : IAsyncDisposable
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Tenant = "00000000-0000-0000-0000-000000000002";

    private static readonly string? Path = Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "BicepPath")?.Value;

    private readonly Lazy<(Process Process, JsonRpc Rpc)> _server = new(Start);

    /// <summary>Skips the test where there is no Bicep CLI.</summary>
    public static void SkipWhereAbsent() => Assert.SkipUnless(
        Path is not null && File.Exists(Path), "The Bicep CLI comes as a package for linux-x64 only; this test needs it.");

    /// <summary>What a deployment with a parameter file would make, without a cloud.</summary>
    public async Task<JsonNode> SnapshotAsync(string parameterFile, CancellationToken cancellationToken)
    {
        var answer = await _server.Value.Rpc.InvokeWithParameterObjectAsync<SnapshotAnswer>(
            "bicep/getSnapshot",
            new
            {
                path = parameterFile,
                metadata = new { tenantId = Tenant, subscriptionId = Subscription, resourceGroup = (string?)null, location = "swedencentral", deploymentName = (string?)null },
            },
            cancellationToken);
        return JsonNode.Parse(answer.Snapshot)!;
    }

    /// <summary>Compiles a template and returns it with everything that the compiler and the linter say of it and its modules.</summary>
    public async Task<CompileAnswer> CompileAsync(string file, CancellationToken cancellationToken) =>
        await _server.Value.Rpc.InvokeWithParameterObjectAsync<CompileAnswer>("bicep/compile", new { path = file }, cancellationToken);

    /// <summary>A file as the formatter would write it.</summary>
    public async Task<string> FormatAsync(string file, CancellationToken cancellationToken) =>
        (await _server.Value.Rpc.InvokeWithParameterObjectAsync<FormatAnswer>("bicep/format", new { path = file }, cancellationToken)).Contents;

    /// <summary>Runs a command; diagnostics go to stderr and are warnings with exit code 0, so both count.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_server.IsValueCreated)
            return;
        _server.Value.Rpc.Dispose();
        _server.Value.Process.Kill();
        await _server.Value.Process.WaitForExitAsync();
        _server.Value.Process.Dispose();
    }

    private static (Process, JsonRpc) Start()
    {
        var process = Process.Start(new ProcessStartInfo(Path!, ["jsonrpc", "--stdio"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var rpc = new JsonRpc(new HeaderDelimitedMessageHandler(
            process.StandardInput.BaseStream, process.StandardOutput.BaseStream, new SystemTextJsonFormatter { JsonSerializerOptions = new(JsonSerializerDefaults.Web) }));
        rpc.StartListening();
        return (process, rpc);
    }

    private sealed record SnapshotAnswer(string Snapshot);

    private sealed record FormatAnswer(string Contents);
}

/// <summary>A compiled template and what was said of it.</summary>
public sealed record CompileAnswer(bool Success, IReadOnlyList<Diagnostic> Diagnostics, string? Contents);

/// <summary>One finding of the compiler or the linter.</summary>
public sealed record Diagnostic(string Source, string Level, string Code, string Message)
{
    public override string ToString() => $"{Source}: {Level} {Code}: {Message}";
}
