using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace LocalHost.Tests.Durable;

/// <summary>A way to the storage that can be cut, or that loses every n-th answer to a request that was carried out.</summary>
internal sealed class FlakyStorage : HttpPipelinePolicy
{
    private int _requests;

    public bool IsDown { get; set; }

    public int LosesEvery { get; set; } = int.MaxValue;

    public int Failures { get; private set; }

    /// <summary>What an append to a history takes at least.</summary>
    public TimeSpan AppendTime { get; init; }

    public BlobServiceClient Through(string connectionString)
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(this, HttpPipelinePosition.PerCall);
        return new(connectionString, options);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        FailIf(IsDown);
        if (AppendTime > TimeSpan.Zero && message.Request.Uri.Query.Contains("comp=appendblock", StringComparison.Ordinal))
            await Task.Delay(AppendTime, message.CancellationToken);
        await ProcessNextAsync(message, pipeline);
        // Leases are left alone: one whose grant is lost is waited for until it runs out.
        FailIf(Interlocked.Increment(ref _requests) % LosesEvery == 0
            && !message.Request.Uri.Query.Contains("comp=lease", StringComparison.Ordinal));
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException();

    private void FailIf(bool fails)
    {
        if (!fails)
            return;
        Failures++;
        throw new IOException("The connection was cut.");
    }
}
