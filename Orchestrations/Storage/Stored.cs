using Azure;

namespace Orchestrations.Storage;

/// <summary>What reading a blob came to.</summary>
/// <param name="Version">Of the blob that was read; nothing where there is none.</param>
/// <param name="ModifiedAt">By the storage's clock.</param>
/// <param name="Age">How long ago that was when it was read, by the same clock.</param>
public abstract record Stored<T>(ETag? Version, DateTimeOffset ModifiedAt, TimeSpan Age)
    where T : class
{
    /// <summary>The blob, whole.</summary>
    public sealed record Found(T Value, ETag? Version, DateTimeOffset ModifiedAt, TimeSpan Age) : Stored<T>(Version, ModifiedAt, Age);

    /// <summary>There is no such blob.</summary>
    public sealed record Absent() : Stored<T>(null, default, default);

    /// <summary>There is a blob and it is not what it should be.</summary>
    /// <param name="Reason">What was expected and what was found, with the blob's name.</param>
    public sealed record Unreadable(string Reason, ETag? Version, DateTimeOffset ModifiedAt, TimeSpan Age) : Stored<T>(Version, ModifiedAt, Age);
}

/// <summary>A blob is there and cannot be read; the message names it.</summary>
public sealed class UnreadableBlobException : Exception
{
    public UnreadableBlobException(string message)
        : base(message)
    {
    }

    public UnreadableBlobException()
    {
    }

    public UnreadableBlobException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
