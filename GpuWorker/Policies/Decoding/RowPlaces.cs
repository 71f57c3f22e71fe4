using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies.Decoding;

/// <summary>Where rows lie when those of a prompt lie side by side: P prompts with G places each, G being the rows of the prompt that has most.</summary>
internal sealed class RowPlaces : IDisposable
{
    /// <param name="promptOfRow">For each row its prompt.</param>
    /// <param name="prompts">How many there are.</param>
    /// <param name="device">Where the indexes are used.</param>
    public RowPlaces(int[] promptOfRow, int prompts, Device device)
    {
        PromptOfRow = promptOfRow;
        var taken = new int[prompts];
        foreach (var prompt in promptOfRow)
            taken[prompt]++;
        var most = taken.Max();
        Array.Clear(taken);
        var rowOfPlace = new long[prompts * most];
        var placeOfRow = new long[promptOfRow.Length];
        for (var row = 0; row < promptOfRow.Length; row++)
        {
            var place = promptOfRow[row] * most + taken[promptOfRow[row]]++;
            (placeOfRow[row], rowOfPlace[place]) = (place, row);
        }

        if (rowOfPlace.Length == placeOfRow.Length && placeOfRow.Select((place, row) => place == row).All(same => same))
            return;
        RowOfPlace = tensor(rowOfPlace, device: device).DetachFromDisposeScope();
        PlaceOfRow = tensor(placeOfRow, device: device).DetachFromDisposeScope();
    }

    /// <summary>For each row its prompt.</summary>
    public int[] PromptOfRow { get; }

    /// <summary>[P x G], int64; a place that no row has names the first. Null where each row lies at its place already.</summary>
    public Tensor? RowOfPlace { get; }

    /// <summary>[B], int64; null as <see cref="RowOfPlace"/> is.</summary>
    public Tensor? PlaceOfRow { get; }

    public void Dispose()
    {
        RowOfPlace?.Dispose();
        PlaceOfRow?.Dispose();
    }
}
