using Azure.Storage.Blobs.Models;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Tests.Storage;

public class StateCheckTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Theory]
    [InlineData("whole", null)]
    [InlineData("bit flipped", "/policy-")]
    [InlineData("truncated", "/policy-")]
    [InlineData("missing", "/policy-")]
    [InlineData("torn manifest", "/manifest.json")]
    [InlineData("no manifest", "/manifest.json")]
    public async Task A_state_is_held_to_every_byte_and_what_is_wrong_is_named(string what, string? named)
    {
        var bytes = new byte[3000];
        new Random(1).NextBytes(bytes);
        var hash = CurriculumJson.Hash(bytes);
        var folder = $"{Run}/checkpoints/x";
        var part = Blobs.Blob(StorageNames.RunsContainer, $"{folder}/policy-{hash}");
        await part.UploadAsync(BinaryData.FromBytes(bytes), Token);
        var manifest = await Blobs.FreezeAsync(
            StorageNames.RunsContainer,
            StorageNames.Manifest(folder),
            new StateManifest { Parts = new Dictionary<string, StatePart> { ["policy"] = new($"policy-{hash}", hash, bytes.Length) } },
            CurriculumJson.Default.StateManifest,
            Token);
        switch (what)
        {
            case "bit flipped":
                bytes[1234] ^= 1;
                await part.UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
                break;
            case "truncated":
                await part.UploadAsync(BinaryData.FromBytes(bytes.AsMemory(0, 2999)), overwrite: true, Token);
                break;
            case "missing":
                await part.DeleteAsync(DeleteSnapshotsOption.None, cancellationToken: Token);
                break;
            case "torn manifest":
                await Blobs.Blob(StorageNames.RunsContainer, StorageNames.Manifest(folder)).UploadAsync(BinaryData.FromString("{\"parts\":"), overwrite: true, Token);
                break;
            case "no manifest":
                await Blobs.Blob(StorageNames.RunsContainer, StorageNames.Manifest(folder)).DeleteAsync(cancellationToken: Token);
                break;
        }

        var fault = await Service<StateCheck>().FaultAsync(new(StorageNames.RunsContainer, folder, manifest.Sha256), Token);

        if (named is null)
            Assert.Null(fault);
        else
            Assert.Contains($"runs/{folder}{named}", fault, StringComparison.Ordinal);
    }
}
