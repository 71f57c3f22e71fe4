namespace GpuWorker.Training.Lanes;

/// <summary>What one layer leaves for the way back.</summary>
internal sealed class LayerStates : IDisposable
{
    public Scratch AttentionNormal { get; } = new();

    public Scratch AttentionFactors { get; } = new();

    /// <summary>Rotated, queries scaled.</summary>
    public Scratch QueriesKeysValues { get; } = new();

    public Scratch Probabilities { get; } = new();

    public Scratch Attended { get; } = new();

    public Scratch FeedForwardNormal { get; } = new();

    public Scratch FeedForwardFactors { get; } = new();

    public Scratch GatesUps { get; } = new();

    public Scratch Gated { get; } = new();

    public void Dispose()
    {
        foreach (var scratch in (Scratch[])[AttentionNormal, AttentionFactors, QueriesKeysValues, Probabilities, Attended, FeedForwardNormal, FeedForwardFactors, GatesUps, Gated])
            scratch.Dispose();
    }
}
