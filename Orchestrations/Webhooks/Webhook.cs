using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrations.Webhooks;

/// <summary>Has calls made by orchestrations of their own, each under its message's id: announced twice, a message goes out once.</summary>
public sealed class Webhook(WebhookOptions options)
{
    private static readonly OrchestrationRuntimeStatus[] EveryStatus =
    [
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    ];

    /// <summary>Returns once the call is durable, not once it is made; does nothing where no webhook is set.</summary>
    public async Task AnnounceAsync(DurableTaskClient client, WebhookMessage message, CancellationToken cancellationToken)
    {
        if (!options.IsSet || await client.GetInstanceAsync(message.Id, getInputsAndOutputs: false, cancellationToken) is not null)
            return;
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(WebhookOrchestrator),
                message,
                new StartOrchestrationOptions { InstanceId = message.Id }.WithDedupeStatuses(EveryStatus),
                cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Each backend names "already exists" with an exception of its own.
            if (await client.GetInstanceAsync(message.Id, getInputsAndOutputs: false, cancellationToken) is null)
                throw;
        }
    }
}
