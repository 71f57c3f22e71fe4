namespace Microsoft.DurableTask;

/// <summary>One page of values, and the token that the next begins with, or null after the last.</summary>
public sealed class Page<T>
    where T : notnull
{
    public Page(IReadOnlyList<T> values, string? continuationToken = null) =>
        (Values, ContinuationToken) = (values, continuationToken);

    public IReadOnlyList<T> Values { get; }

    public string? ContinuationToken { get; }
}
