using GpuWorker.Policies;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Where each part of a tile lies in its memory, in numbers; a feature of the 16 rows is 16 of them.</summary>
internal sealed class TileLayout
{
    /// <param name="config">The policy's.</param>
    /// <param name="prefix">The longest prompt, in tokens.</param>
    /// <param name="slots">The most tokens of its own that a row sees.</param>
    public TileLayout(PolicyConfig config, int prefix, int slots)
    {
        (Slots, Prefix) = (slots, Padded(prefix));
        KeyValueSize = config.KeyValueHeads * config.HeadSize;
        var queries = config.NumAttentionHeads * config.HeadSize;
        var at = 0L;
        int Place(long features)
        {
            var place = at;
            at += features * LaneTile.Lanes;
            return checked((int)place);
        }

        Hidden = Place(config.HiddenSize);
        Normal = Place(config.HiddenSize);
        Queries = Place(queries + 2L * KeyValueSize);
        Keys = Queries + queries * LaneTile.Lanes;
        Attended = Place(queries);
        Gates = Place(2L * config.IntermediateSize);
        Logits = Place(Padded(config.VocabSize));
        Cosines = Place(config.HeadSize / 2);
        Sines = Place(config.HeadSize / 2);
        Scores = Place(Prefix + (long)Padded(slots));
        Turned = Place(Math.Max(Prefix, LaneTile.Lanes));
        Own = Place((long)config.NumHiddenLayers * slots * 2 * KeyValueSize);
        Length = at;
    }

    /// <summary>Slots of own keys and values.</summary>
    public int Slots { get; }

    /// <summary>The longest prompt, rounded up to whole registers.</summary>
    public int Prefix { get; }

    /// <summary>Features of a token's keys, and of its values.</summary>
    public int KeyValueSize { get; }

    public int Hidden { get; }

    /// <summary>Hidden states after a norm.</summary>
    public int Normal { get; }

    public int Queries { get; }

    /// <summary>Keys, then values.</summary>
    public int Keys { get; }

    public int Attended { get; }

    /// <summary>Gates, then what they gate.</summary>
    public int Gates { get; }

    public int Logits { get; }

    public int Cosines { get; }

    public int Sines { get; }

    /// <summary>Of one head: the prompt's tokens, then the row's own, oldest first.</summary>
    public int Scores { get; }

    /// <summary>One row after the other, before they are transposed.</summary>
    public int Turned { get; }

    /// <summary>Own keys and values: layer, slot, keys and then values.</summary>
    public int Own { get; }

    public long Length { get; }

    /// <summary>Rounded up to whole registers.</summary>
    public static int Padded(int length) => (length + LaneTile.Lanes - 1) / LaneTile.Lanes * LaneTile.Lanes;

    /// <summary>A slot's keys in a layer.</summary>
    public long OwnAt(int layer, int slot) => Own + ((long)layer * Slots + slot) * 2 * KeyValueSize * LaneTile.Lanes;
}
