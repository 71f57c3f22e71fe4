using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Sixteen rows, one in each lane of a register, with their states and their own keys and values.</summary>
/// <remarks>
/// Each step writes one slot of own keys and values for all lanes, round and round; a row sees as many of the latest slots as it has tokens of its own.
/// </remarks>
internal sealed unsafe class LaneTile(TileLayout layout) : IDisposable
{
    /// <summary>Single numbers in a register of 512 bits.</summary>
    public const int Lanes = 16;

    private readonly AlignedBuffer _memory = new(layout.Length);
    private readonly int[] _slots = new int[Math.Max(1, layout.Slots)];
    private int _next;

    public TileLayout Layout => layout;

    public float* Memory => _memory.Pointer;

    /// <summary>The row in each lane; null for an idle lane, whose numbers nobody reads.</summary>
    public LaneRow?[] Rows { get; } = new LaneRow?[Lanes];

    /// <summary>The token to be read.</summary>
    public int[] Tokens { get; } = new int[Lanes];

    /// <summary>Its position.</summary>
    public int[] Positions { get; } = new int[Lanes];

    /// <summary>The row's prompt.</summary>
    public PromptKeysValues[] Prompts { get; } = new PromptKeysValues[Lanes];

    /// <summary>How many of the prompt's tokens are seen, at least 1.</summary>
    public int[] PrefixLengths { get; } = new int[Lanes];

    /// <summary>How many own tokens are seen, the one that is read included.</summary>
    public int[] OwnLengths { get; } = new int[Lanes];

    /// <summary>The longest prefix in the tile.</summary>
    public int LongestPrefix { get; private set; }

    /// <summary>The slots seen by the row with the most own tokens, oldest first; the last is this step's. Empty while prompts are read.</summary>
    public ReadOnlySpan<int> OwnSlots => _slots.AsSpan(0, LongestOwn);

    /// <summary>The number of <see cref="OwnSlots"/>.</summary>
    public int LongestOwn { get; private set; }

    public bool IsIdle => !Rows.AsSpan().ContainsAnyExcept((LaneRow?)null);

    /// <summary>An idle lane computes with the first token of some prompt: its numbers stay finite.</summary>
    public void Clear(int lane, PromptKeysValues prompt)
    {
        Rows[lane] = null;
        (Tokens[lane], Positions[lane], Prompts[lane], PrefixLengths[lane], OwnLengths[lane]) = (0, 0, prompt, 1, 0);
    }

    /// <summary>Begins a step: counts what is seen, and takes the next slot if rows write their own keys and values.</summary>
    public void Begin(bool own)
    {
        (LongestPrefix, LongestOwn) = (PrefixLengths.Max(), 0);
        if (!own)
            return;
        LongestOwn = Math.Max(1, OwnLengths.Max());
        for (var i = 0; i < LongestOwn; i++)
            _slots[i] = (_next - LongestOwn + 1 + i + layout.Slots) % layout.Slots;
        _next = (_next + 1) % layout.Slots;
    }

    /// <summary>Forgets what a row left in its lane: where its numbers were not finite, the next row's would not be either, since 0 times infinity is not 0.</summary>
    public void Wipe(int lane, int layers)
    {
        var (from, end) = (layout.OwnAt(0, 0), layout.OwnAt(layers, 0));
        for (var at = from + lane; at < end; at += Lanes)
            Memory[at] = 0;
    }

    public void Dispose() => _memory.Dispose();
}
