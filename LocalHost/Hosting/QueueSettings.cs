namespace LocalHost.Hosting;

/// <summary>How queues are read: <c>extensions.queues</c> of host.json.</summary>
internal sealed record QueueSettings
{
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a message stays hidden after a failed try.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    public int BatchSize { get; init; } = 16;

    /// <summary>The next batch is fetched once no more than this many messages are being worked on.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>After this many tries a message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    public bool Base64 { get; init; } = true;

    /// <summary>The shortest wait between polls of an empty queue.</summary>
    public TimeSpan MinPollingInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a message is hidden while it is worked on; renewed at each third.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request may stay without an answer: a renewal that hangs must leave time for another.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
