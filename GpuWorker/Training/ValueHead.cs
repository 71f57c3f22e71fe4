using GpuWorker.Checkpoints;
using GpuWorker.Items;
using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>One linear output over the policy's hidden states, trained beside it: the value of a state.</summary>
/// <remarks>
/// A part of the state by itself, so that a policy is the same file with it and without. Starts at zero: every value is 0, which makes the first advantages the
/// plain rewards. AdamW as in <see cref="PolicyOptimizer"/>, with a gradient clip of its own.
/// </remarks>
internal sealed class ValueHead : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.95;
    private const double Epsilon = 1e-8;

    // [C + 1]: the weights, then the bias.
    private readonly Tensor _weights;
    private readonly Tensor _firstMoment;
    private readonly Tensor _secondMoment;
    private long _steps;

    public ValueHead(int hiddenSize, Device device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor Zeros() => zeros([hiddenSize + 1], dtype: dtype, device: device).DetachFromDisposeScope();
        (_weights, _firstMoment, _secondMoment) = (Zeros(), Zeros(), Zeros());
        _weights.requires_grad_(true);
    }

    /// <summary>The value head of a state, or a new one where the state has none.</summary>
    /// <exception cref="WorkFailedException">The state's value head cannot be read.</exception>
    public static ValueHead Load(PolicyWeights policy, LoadedInputs inputs, bool freshOptimizer)
    {
        ValueHead head = new(policy.Config.HiddenSize, policy.Flat.device, policy.Parameters.IsLowPrecision ? ScalarType.Float32 : policy.Flat.dtype);
        if (!inputs.StateParts.TryGetValue(StatePartNames.Values, out var saved))
            return head;
        try
        {
            head.Load(saved, freshOptimizer);
            return head;
        }
        catch (InvalidDataException error)
        {
            head.Dispose();
            throw new WorkFailedException(WorkFailedException.CorruptState, error.Message, error);
        }
    }

    /// <summary>The parameters, [C + 1].</summary>
    public Tensor Weights => _weights;

    /// <summary>Values of hidden states, [N].</summary>
    public Tensor Of(Tensor hiddenNC) => hiddenNC.to(_weights.dtype).mv(_weights.narrow(0, 0, _weights.shape[0] - 1)) + _weights.narrow(0, _weights.shape[0] - 1, 1);

    /// <summary>Takes the gradients gathered so far for one step and clears them; without any it does nothing.</summary>
    public void Step(double rate, double clip)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        if (_weights.grad is not { } gradient)
            return;
        var norm = gradient.norm().ToDouble();
        if (norm > clip)
            gradient.mul_(clip / norm);
        _steps++;
        _firstMoment.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        _secondMoment.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var divisor = _secondMoment.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, _steps))).add_(Epsilon);
        _weights.addcdiv_(_firstMoment, divisor, -rate / (1 - Math.Pow(Beta1, _steps)));
        gradient.zero_();
    }

    public StoredBytes Save()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        return SafetensorsFile.Write(new Dictionary<string, StoredTensor>
        {
            ["value.weights"] = TensorBytes.Save(_weights.detach()),
            ["adamw.exp_avg"] = TensorBytes.Save(_firstMoment),
            ["adamw.exp_avg_sq"] = TensorBytes.Save(_secondMoment),
            ["steps"] = TensorBytes.Save(tensor(new[] { _steps })),
        });
    }

    /// <summary>Takes over saved weights and, unless the optimiser starts afresh, its moments.</summary>
    /// <exception cref="InvalidDataException">They are of another shape.</exception>
    public void Load(StoredBytes saved, bool freshOptimizer)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var stored = SafetensorsFile.Read(saved);
        Restore("value.weights", _weights);
        if (freshOptimizer)
            return;
        Restore("adamw.exp_avg", _firstMoment);
        Restore("adamw.exp_avg_sq", _secondMoment);
        var steps = zeros([1], dtype: ScalarType.Int64);
        Restore("steps", steps);
        _steps = steps.item<long>();

        void Restore(string name, Tensor target)
        {
            if (!stored.TryGetValue(name, out var part) || !part.Shape.SequenceEqual(target.shape))
                throw new InvalidDataException(
                    $"Expected '{name}' of shape [{string.Join(", ", target.shape)}] in the state's value head, found {(part is null ? "none" : $"[{string.Join(", ", part.Shape)}]")}.");
            target.copy_(TensorBytes.Load(part));
        }
    }

    public void Dispose()
    {
        _weights.grad?.Dispose();
        _weights.Dispose();
        _firstMoment.Dispose();
        _secondMoment.Dispose();
    }
}
