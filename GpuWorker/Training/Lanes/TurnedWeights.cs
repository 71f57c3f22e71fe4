using GpuWorker.Policies;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Training.Lanes;

/// <summary>A policy's matrices turned for the way forward: blocks of 16 outputs whose weights for one input lie side by side. The way back reads them as they are.</summary>
internal sealed unsafe class TurnedWeights : IDisposable
{
    private readonly Scratch _room = new();

    public TurnedLayer[] Layers { get; private set; } = [];

    public void Take(PolicyLayout layout, float* parameters)
    {
        var room = _room.Of(layout.Length);
        Layers = [.. layout.Layers.Select(slots => new TurnedLayer(
            Turn(slots.QueriesKeysValues), Turn(slots.AttentionOut), Turn(slots.GateUp), Turn(slots.Down)))];

        Right Turn(ParameterSlot slot)
        {
            var from = parameters + slot.Offset;
            var to = room + slot.Offset;
            var inputs = slot.Columns;
            for (var output = 0; output < slot.Rows; output += Product.Lanes)
            {
                for (var input = 0; input < inputs; input += Product.Lanes)
                    LaneMath.Transpose(from + (long)output * inputs + input, inputs, to + (long)output * inputs + input * Product.Lanes);
            }

            return new(to, Product.Lanes, (nint)inputs * Product.Lanes);
        }
    }

    public void Dispose() => _room.Dispose();
}

/// <summary>One layer's matrices, [inputs, outputs].</summary>
internal sealed class TurnedLayer(Right queriesKeysValues, Right attentionOut, Right gateUp, Right down)
{
    public Right QueriesKeysValues { get; } = queriesKeysValues;

    public Right AttentionOut { get; } = attentionOut;

    public Right GateUp { get; } = gateUp;

    public Right Down { get; } = down;
}
