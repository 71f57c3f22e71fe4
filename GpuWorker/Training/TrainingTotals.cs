using GpuWorker.Items;

namespace GpuWorker.Training;

/// <summary>Sums over the optimiser steps of an item.</summary>
internal sealed class TrainingTotals
{
    private double _loss;
    private double _norm;
    private double _entropy;
    private double? _divergence;
    private double? _valueError;
    private long _clipped;
    private long _predicted;
    private long _trained;

    public int Steps { get; private set; }

    public void AddTokens(long trained, long predicted, double entropy, long clipped, double? divergence, double? valueError)
    {
        _divergence = divergence is null ? _divergence : divergence + (_divergence ?? 0);
        _valueError = valueError is null ? _valueError : valueError + (_valueError ?? 0);
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
        Divergence = _divergence / Math.Max(1, _predicted),
        ValueError = _valueError / Math.Max(1, _predicted),
    };
}
