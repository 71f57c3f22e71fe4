using System.Text;
using System.Text.Json;
using Cli.Hosts;
using Cli.Plans;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Api;
using Curriculum.Evaluation;

namespace Cli.Local;

/// <summary>Shows what a run came to, and keeps verdict and report in <c>.local/runs</c>.</summary>
internal sealed class Conclusion(Screen screen, Checkout checkout)
{
    public async Task<(int ExitCode, byte[]? Verdict)> ShowAsync(RunsClient runs, RunStatus status, CancellationToken cancellationToken)
    {
        var verdict = await runs.ConclusionAsync(status.Id, "verdict", cancellationToken);
        if (verdict is not null)
        {
            await KeepAsync(checkout.Verdict(status.Id), verdict, cancellationToken);
            Show(verdict);
        }

        foreach (var failure in status.Failures ?? [])
            screen.Fail(failure.Text);
        if (status.State == RunState.Canceled)
            screen.Warn(status.Headline ?? "Canceled.");
        else if (status.State != RunState.Completed)
            screen.Fail($"The run ended as {ApiJson.Code(status.State)}.");
        if (await runs.ConclusionAsync(status.Id, "report", cancellationToken) is { } report)
        {
            await KeepAsync(checkout.Report(status.Id), report, cancellationToken);
            screen.Say($"Report: {checkout.Report(status.Id)}");
        }

        return (status.State == RunState.Completed ? Exit.Done : Exit.Failed, verdict);
    }

    /// <summary>A verdict as tables, or as it is stored.</summary>
    public void Show(byte[] verdict)
    {
        if (screen.IsJson)
        {
            screen.Answer(Encoding.UTF8.GetString(verdict));
            return;
        }

        foreach (var part in VerdictView.Of(JsonSerializer.Deserialize(verdict, VerdictJson.Default.RunVerdict)!))
            screen.Show(part);
    }

    private static async Task KeepAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, content, cancellationToken);
    }
}
