using Curriculum.Plans;

namespace Curriculum.Work;

/// <summary>What a state consists of: the first line of its blob (<see cref="StateBlob"/>), which is written last, so that a state without one does not exist.</summary>
/// <remarks>
/// Parts by name: <c>config</c> (the policy's config.json), <c>policy</c> (safetensors; where there are shards <c>policy.00001</c> and so on), where an
/// adapter is trained <c>adapter</c> and <c>adapter-config</c> (as PEFT has them), and, in a state that training wrote, <c>optimizer</c> (safetensors)
/// and <c>counters</c> (JSON). Parts that training does not change stand in every state's manifest and lie in the folder that first had them.
/// </remarks>
public sealed record StateManifest
{
    /// <summary>What the policy is held and computed in.</summary>
    public Precision Precision { get; init; }

    public required IReadOnlyDictionary<string, StatePart> Parts { get; init; }
}

/// <summary>One part of a state.</summary>
/// <param name="Name">Blob name under the state's own folder, where it is a blob of its own; it contains the hash.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Folder">The folder within the run where it lies, if that is not the state's own: <c>base</c> for a part that the base had already. Equal runs have equal manifests.</param>
/// <param name="Start">Where it begins in its folder's state blob, after the manifest's line; null where it is a blob of its own.</param>
public sealed record StatePart(string Name, string Sha256, long Bytes, string? Folder = null, long? Start = null)
{
    /// <summary>The part as another state's manifest names it.</summary>
    public StatePart Of(string folder) => this with { Folder = Folder ?? folder[(folder.IndexOf('/', StringComparison.Ordinal) + 1)..] };

    /// <summary>The blob that has it, for a state in this folder.</summary>
    public string Blob(string folder)
    {
        var own = Folder is null ? folder : $"{folder[..folder.IndexOf('/', StringComparison.Ordinal)]}/{Folder}";
        return Start is null ? $"{own}/{Name}" : StorageNames.StateBlob(own);
    }
}
