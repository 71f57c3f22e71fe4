using Curriculum.Plans;
using GpuWorker.Checkpoints;
using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>AdamW without weight decay over the flat buffer, and Muon over its matrices where the plan says so.</summary>
/// <remarks>
/// AdamW: betas 0.9 and 0.95, epsilon 1e-8, bias-corrected. The global gradient norm is clipped before either. For low-precision parameters (bfloat16) it keeps
/// float32 master weights, which take the steps and are rounded to the parameters: steps smaller than the rounding add up.
/// </remarks>
internal sealed class PolicyOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.95;
    private const double Epsilon = 1e-8;

    // Elements per elementwise pass, so that its temporaries stay small beside the parameters.
    private const long Elements = 16 << 20;

    private readonly ParameterBuffer _trained;
    private readonly OptimizerPlan _plan;
    private readonly Tensor _gradient;
    private readonly long _adamLength;
    private readonly Tensor _firstMoment;
    private readonly Tensor _secondMoment;
    private readonly Tensor? _momentum;
    private readonly Tensor? _masterWeights;
    private readonly Muon? _muon;
    private long _steps;

    /// <summary>An optimiser that has taken no step.</summary>
    public PolicyOptimizer(PolicyWeights weights, OptimizerPlan plan)
    {
        (_trained, _plan, _gradient) = (weights.Trainable, plan, weights.RequireGradients());
        var muon = plan.Matrices == OptimizerKind.Muon;
        _adamLength = muon ? _trained.MatricesAt : _trained.Length;
        Tensor Zeros(long length) => zeros([length], dtype: _gradient.dtype, device: _gradient.device).DetachFromDisposeScope();
        (_firstMoment, _secondMoment) = (Zeros(_adamLength), Zeros(_adamLength));
        if (muon)
            (_momentum, _muon) = (Zeros(_trained.Length - _adamLength), new(_trained));
        if (_trained.IsLowPrecision)
            _masterWeights = _trained.Flat.to(ScalarType.Float32).DetachFromDisposeScope();
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
            var matrices = _trained.Length - _adamLength;
            _muon.Step(
                Values.narrow(0, _adamLength, matrices),
                _gradient.narrow(0, _adamLength, matrices),
                _momentum!,
                _plan.MatrixLearningRate * rateFactor);
        }

        if (_masterWeights is not null)
            _trained.Flat.copy_(_masterWeights);
        _gradient.zero_();
        return norm;
    }

    /// <summary>The state, from which <see cref="Load"/> resumes bit for bit.</summary>
    public StoredBytes Save()
    {
        using var scope = NewDisposeScope();
        return SafetensorsFile.Write(
            [.. Parts().Select(part => TensorBytes.Entry(part.Name, part.Value)), TensorBytes.Entry("steps", tensor(new[] { _steps }))]);
    }

    /// <summary>Restores a saved state.</summary>
    /// <exception cref="InvalidDataException">It is another optimiser's.</exception>
    public void Load(StoredBytes saved)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var stored = SafetensorsFile.Read(saved);
        var steps = zeros([1], dtype: ScalarType.Int64);
        (string Name, Tensor Value)[] parts = [.. Parts(), ("steps", steps)];
        if (stored.Count != parts.Length)
            throw new InvalidDataException($"Expected the {parts.Length} tensors of an optimiser that trains {_trained.Flat.dtype} matrices with {_plan.Matrices}, found {string.Join(", ", stored.Keys)}: only a stage's first update may start a fresh optimiser.");

        foreach (var (name, value) in parts)
        {
            if (!stored.TryGetValue(name, out var part) || !part.Shape.SequenceEqual(value.shape))
                throw new InvalidDataException(
                    $"Expected optimiser state '{name}' of shape [{string.Join(", ", value.shape)}], found {(part is null ? "none" : $"[{string.Join(", ", part.Shape)}]")}.");
            TensorBytes.CopyTo(part, value);
        }

        _steps = steps.item<long>();
    }

    public void Dispose()
    {
        _firstMoment.Dispose();
        _secondMoment.Dispose();
        _momentum?.Dispose();
        _masterWeights?.Dispose();
    }

    private Tensor Values => _masterWeights ?? _trained.Flat;

    private IEnumerable<(string Name, Tensor Value)> Parts()
    {
        yield return ("adamw.exp_avg", _firstMoment);
        yield return ("adamw.exp_avg_sq", _secondMoment);
        if (_momentum is not null)
            yield return ("muon.momentum_buffer", _momentum);
        if (_masterWeights is not null)
            yield return ("master_weights", _masterWeights);
    }

    private void StepAdam(double rate)
    {
        for (var at = 0L; at < _adamLength; at += Elements)
        {
            using var scope = NewDisposeScope();
            Tensor Part(Tensor all) => all.narrow(0, at, Math.Min(Elements, _adamLength - at));
            var (gradient, mean, square) = (Part(_gradient), Part(_firstMoment), Part(_secondMoment));
            mean.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
            square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
            var divisor = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, _steps))).add_(Epsilon);
            Part(Values).addcdiv_(mean, divisor, -rate / (1 - Math.Pow(Beta1, _steps)));
        }
    }
}
