using System.CommandLine;
using System.Diagnostics;
using Cli.Local;
using Cli.Terminal;

namespace Cli.Commands;

/// <summary>The options of a command that a worker process does, and the start of that process.</summary>
internal sealed class WorkerStart
{
    private readonly Option<bool> _asBuilt = new("--as-built") { Description = "Start what was built before, without a look at the sources." };
    private readonly Option<string> _configuration = CommonOptions.OneOf("--configuration", "Which build of the worker is started.", "Release", "Debug", "Release");

    public void AddTo(Command command)
    {
        command.Options.Add(_asBuilt);
        command.Options.Add(_configuration);
    }

    /// <summary>Builds the worker unless that is not wanted.</summary>
    public async Task<LocalHosting> BuildAsync(Session session, ParseResult parsed, Screen screen, CancellationToken cancellationToken)
    {
        var hosting = new LocalHosting(screen, session.Checkout);
        if (!parsed.GetValue(_asBuilt))
            await screen.StepAsync("Building GpuWorker", () => hosting.BuildAsync("GpuWorker", parsed.GetRequiredValue(_configuration), cancellationToken));
        return hosting;
    }

    /// <summary>Starts the process and returns what it ends with. Its output is this command's own, and Ctrl-C reaches both.</summary>
    public async Task<int> StartAsync(Session session, ParseResult parsed, string[] arguments, string? storage, byte[]? input, CancellationToken cancellationToken)
    {
        var built = Path.Combine(session.Checkout.Root, "GpuWorker", "bin", parsed.GetRequiredValue(_configuration), "net10.0", "GpuWorker.dll");
        if (!File.Exists(built))
            throw CommandException.Refused($"Expected {built}: leave --as-built out to have it built.");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [built, .. arguments]) { RedirectStandardInput = input is not null };
        if (storage is not null)
            start.Environment["DataStorage"] = storage;
        using var worker = Process.Start(start)!;
        try
        {
            if (input is not null)
            {
                await worker.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
                worker.StandardInput.Close();
            }

            await worker.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            worker.Kill(entireProcessTree: true);
            throw;
        }

        return worker.ExitCode;
    }
}
