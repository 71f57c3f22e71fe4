using Curriculum.Work;

namespace GpuWorker.Items;

/// <summary>A permanent failure of an item, whoever retries it: becomes the <see cref="WorkFailure"/> of its result.</summary>
internal sealed class WorkFailedException(string kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A loss or a gradient was not a finite number.</summary>
    public const string NonFinite = "non-finite";

    /// <summary>A part of a state cannot be read.</summary>
    public const string CorruptState = "corrupt-state";

    /// <summary>The item asks for something impossible.</summary>
    public const string BadItem = "bad-item";

    /// <summary>The item takes more memory than the worker has.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The kind, as in <see cref="WorkFailure.Kind"/>.</summary>
    public string Kind { get; } = kind;

    public WorkFailure ToFailure() => new(Kind, Message);
}
