using GpuWorker.Execution;

namespace GpuWorker.Training;

/// <summary>Sums over the optimiser steps of an item.</summary>
internal sealed class TrainingTotals
{
    private double _loss;
    private double _norm;
    private double _entropy;
    private long _clipped;
    private long _predicted;
    private long _trained;

    public int Steps { get; private set; }

    public void AddTokens(long trained, long predicted, double entropy, long clipped)
    {
        _trained += trained;
        _predicted += predicted;
        _entropy += entropy;
        _clipped += clipped;
    }

    public void AddStep(double loss, double norm)
    {
        Steps++;
        _loss += loss;
        _norm += norm;
    }

    public UpdateMetrics ToMetrics() => new()
    {
        OptimizerSteps = Steps,
        TrainedTokens = _trained,
        Loss = _loss / Math.Max(1, Steps),
        GradientNorm = _norm / Math.Max(1, Steps),
        ClipFraction = (double)_clipped / Math.Max(1, _predicted),
        Entropy = _entropy / Math.Max(1, _predicted),
    };
}
