using Curriculum.Plans;
using GpuWorker.Checkpoints;
using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>AdamW without weight decay over the flat buffer, and Muon over its matrices where the plan says so.</summary>
/// <remarks>AdamW: betas 0.9 and 0.95, epsilon 1e-8, bias-corrected. The global gradient norm is clipped before either.</remarks>
internal sealed class PolicyOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.95;
    private const double Epsilon = 1e-8;

    private readonly PolicyWeights _weights;
    private readonly OptimizerPlan _plan;
    private readonly Tensor _gradient;
    private readonly long _adamLength;
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private readonly Tensor? _momentum;
    private readonly Muon? _muon;
    private long _steps;

    /// <summary>An optimiser that has taken no step.</summary>
    public PolicyOptimizer(PolicyWeights weights, OptimizerPlan plan)
    {
        (_weights, _plan, _gradient) = (weights, plan, weights.RequireGradients());
        var muon = plan.Matrices == OptimizerKind.Muon;
        _adamLength = muon ? weights.Layout.MatricesAt : weights.Layout.Length;
        Tensor Zeros(long length) => zeros([length], dtype: weights.Flat.dtype, device: weights.Flat.device).DetachFromDisposeScope();
        (_mean, _square) = (Zeros(_adamLength), Zeros(_adamLength));
        if (muon)
            (_momentum, _muon) = (Zeros(weights.Layout.Length - _adamLength), new(weights.Layout));
    }

    /// <summary>Rate of AdamW on a value head, before the factor of a step.</summary>
    public double ValueLearningRate => _plan.ValueLearningRate;

    public double GradientClip => _plan.GradientClip;

    /// <summary>Takes the gradients gathered so far for one step and clears them.</summary>
    /// <returns>The gradient norm before clipping; where it is not finite no step was taken.</returns>
    public double Step(double rateFactor)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var norm = _gradient.norm().ToDouble();
        if (!double.IsFinite(norm))
            return norm;

        if (norm > _plan.GradientClip)
            _gradient.mul_(_plan.GradientClip / norm);
        _steps++;
        StepAdam(_plan.LearningRate * rateFactor);
        if (_muon is not null)
        {
            var matrices = _weights.Layout.Length - _adamLength;
            _muon.Step(
                _weights.Flat.narrow(0, _adamLength, matrices),
                _gradient.narrow(0, _adamLength, matrices),
                _momentum!,
                _plan.MatrixLearningRate * rateFactor);
        }

        _gradient.zero_();
        return norm;
    }

    /// <summary>The state, from which <see cref="Load"/> goes on bit for bit.</summary>
    public byte[] Save()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, StoredTensor> stored = new()
        {
            ["adamw.mean"] = TensorBytes.Save(_mean),
            ["adamw.square"] = TensorBytes.Save(_square),
            ["steps"] = TensorBytes.Save(tensor(new[] { _steps })),
        };
        if (_momentum is not null)
            stored["muon.momentum"] = TensorBytes.Save(_momentum);
        return SafetensorsFile.Write(stored);
    }

    /// <summary>Takes over a saved state.</summary>
    /// <exception cref="InvalidDataException">It is another optimiser's.</exception>
    public void Load(ReadOnlyMemory<byte> saved)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var stored = SafetensorsFile.Read(saved);
        var expected = _momentum is null ? 3 : 4;
        if (stored.Count != expected)
            throw new InvalidDataException($"Expected the {expected} tensors of the optimiser that trains matrices with {_plan.Matrices}, found {string.Join(", ", stored.Keys)}: a stage's first update starts a fresh optimiser.");

        Restore("adamw.mean", _mean);
        Restore("adamw.square", _square);
        if (_momentum is not null)
            Restore("muon.momentum", _momentum);
        var steps = zeros([1], dtype: ScalarType.Int64);
        Restore("steps", steps);
        _steps = steps.item<long>();

        void Restore(string name, Tensor target)
        {
            if (!stored.TryGetValue(name, out var part) || !part.Shape.SequenceEqual(target.shape))
                throw new InvalidDataException($"Expected optimiser state '{name}' of shape [{string.Join(", ", target.shape)}], found {(part is null ? "none" : $"[{string.Join(", ", part.Shape)}]")}.");
            target.copy_(TensorBytes.Load(part));
        }
    }

    public void Dispose()
    {
        _mean.Dispose();
        _square.Dispose();
        _momentum?.Dispose();
    }

    private void StepAdam(double rate)
    {
        var gradient = _gradient.narrow(0, 0, _adamLength);
        _mean.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        _square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var divisor = _square.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, _steps))).add_(Epsilon);
        _weights.Flat.narrow(0, 0, _adamLength).addcdiv_(_mean, divisor, -rate / (1 - Math.Pow(Beta1, _steps)));
    }
}
