using System.Text;
using Curriculum.Problems;
using Curriculum.Work;

namespace GpuWorker.Rollouts;

/// <summary>The samples that an item's result keeps, problem by problem, until there is no more room: which ones is a function of the item.</summary>
internal sealed class KeptSamples(int mostBytes)
{
    private int _left = mostBytes;

    /// <summary>All samples of a problem; null where there are none, or where they and those of every later problem are not kept.</summary>
    public IReadOnlyList<SampledAnswer>? Of(ReadOnlySpan<string> texts, ReadOnlySpan<Verification> verified)
    {
        if (texts.Length == 0 || _left <= 0)
            return null;
        foreach (var text in texts)
            _left -= Encoding.UTF8.GetByteCount(text);
        if (_left < 0)
            return null;
        var kept = new SampledAnswer[texts.Length];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = new(texts[i], verified[i].Correct);
        return kept;
    }
}
