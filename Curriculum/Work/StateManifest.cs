namespace Curriculum.Work;

/// <summary>What a state consists of; written last, so that a state without one does not exist.</summary>
/// <remarks>
/// Parts by name: <c>config</c> (the policy's config.json), <c>policy</c> (safetensors), and, in a state that training wrote,
/// <c>optimizer</c> (safetensors) and <c>counters</c> (JSON). An imported base has the first two only.
/// </remarks>
public sealed record StateManifest
{
    public required IReadOnlyDictionary<string, StatePart> Parts { get; init; }
}

/// <summary>One part of a state.</summary>
/// <param name="Name">Blob name under the state's own folder; it contains the hash.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Length.</param>
public sealed record StatePart(string Name, string Sha256, long Bytes);
