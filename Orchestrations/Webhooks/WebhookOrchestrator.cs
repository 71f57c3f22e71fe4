using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrations.Webhooks;

/// <summary>Makes one call, and makes it again until it is taken: ten tries over about four hours. Its own status says how it stands.</summary>
public static class WebhookOrchestrator
{
    private static readonly TaskOptions Tries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(10, TimeSpan.FromSeconds(10), backoffCoefficient: 2.5, maxRetryInterval: TimeSpan.FromHours(1)));

    [Function(nameof(WebhookOrchestrator))]
    public static Task<int> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<int>(nameof(SendWebhook), context.GetInput<WebhookMessage>(), Tries);
}
