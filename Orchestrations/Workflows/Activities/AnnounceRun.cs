using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Telemetry;
using Orchestrations.Webhooks;

namespace Orchestrations.Workflows.Activities;

/// <summary>Tells the webhook, where one is set, what a run came to, and counts it.</summary>
public sealed class AnnounceRun(Webhook webhook)
{
    [Function(nameof(AnnounceRun))]
    public Task Run([ActivityTrigger] RunSummary summary, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        AppMeasurements.Ended(summary.State);
        return webhook.AnnounceAsync(
            client,
            new()
            {
                Id = $"{summary.Run}:concluded",
                Type = "run.concluded",
                Run = summary.Run,
                State = ApiJson.Code(summary.State),
                Headline = summary.Headline,
                Reasons = [.. summary.Failures.Select(failure => failure.Text)],
            },
            cancellationToken);
    }
}
