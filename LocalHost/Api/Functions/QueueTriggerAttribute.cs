using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on each message of a storage queue.</summary>
/// <remarks>Without a <see cref="Connection"/> the queue is in the host's account, <c>AzureWebJobsStorage</c>.</remarks>
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    public string QueueName { get; } = queueName;

    public string? Connection { get; set; }
}
