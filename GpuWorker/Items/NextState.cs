using Curriculum.Work;
using GpuWorker.Checkpoints;

namespace GpuWorker.Items;

/// <summary>The state that an update makes of another.</summary>
internal static class NextState
{
    /// <summary>Names it: what it shares with the base is listed where the base has it, what it shares with another state is its own too.</summary>
    /// <remarks>A state between two checkpoints is deleted, and the base is not.</remarks>
    public static NamedState Of(string folder, ComputedState computed, StateRef before, StateManifest manifest, LoadedInputs loaded)
    {
        var own = computed.Parts.ToDictionary();
        Dictionary<string, StatePart> shared = [];
        foreach (var name in computed.Unchanged)
        {
            if (manifest.Parts[name] is var part && (part.Folder is not null || before.Folder.EndsWith("/base", StringComparison.Ordinal)))
                shared.Add(name, part.Of(before.Folder));
            else
                own.Add(name, loaded.Part(name));
        }

        return NamedState.Of(folder, own, shared, loaded.Precision);
    }
}
