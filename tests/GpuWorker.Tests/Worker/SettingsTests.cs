using GpuWorker.Worker;
using Microsoft.Extensions.Configuration;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "fast")]
public class SettingsTests
{
    [Fact]
    public void A_connection_string_is_enough()
    {
        var settings = Read(out var faults, ("DataStorage", "UseDevelopmentStorage=true"));

        Assert.Empty(faults);
        Assert.Equal((60, 5, "cpu"), (settings.Worker.VisibilitySeconds, settings.Worker.MaxDequeueCount, settings.Compute.Device));
    }

    [Fact]
    public void Service_uris_and_an_identity_are_enough()
    {
        var settings = Read(
            out var faults, ("DataStorage:blobServiceUri", "https://a.blob.core.windows.net"),
            ("DataStorage:queueServiceUri", "https://a.queue.core.windows.net"), ("DataStorage:clientId", "id"));

        Assert.Empty(faults);
        Assert.Equal(("a", "id"), (WorkerStorage.Open(settings.Storage).Account, settings.Storage.ClientId));
    }

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        Read(
            out var faults, ("Worker:VisibilitySeconds", "0"), ("Worker:MaxPollMilliseconds", "5"), ("Compute:Device", "tpu"), ("Compute:Threads", "0"),
            ("DataStorage:timeoutSeconds", "0"));

        Assert.Collection(
            faults,
            fault => Assert.StartsWith("DataStorage is missing: set", fault, StringComparison.Ordinal),
            fault => Assert.Equal("DataStorage:TimeoutSeconds must be from 1 to 600, found 0.", fault),
            fault => Assert.Equal("Worker:VisibilitySeconds must be from 1 to 3600, found 0.", fault),
            fault => Assert.Equal("Worker:MaxPollMilliseconds must be from 10 to 60000, found 5.", fault),
            fault => Assert.Equal("Compute:Device must be cpu, cuda or cuda: and an index, found 'tpu'.", fault),
            fault => Assert.Equal("Compute:Threads must be at least 1, found 0.", fault));
    }

    [Theory]
    [InlineData("Worker:Visibility", "Worker:Visibility is unknown; the known settings are Name, ")]
    [InlineData("Compute:Cuda", "Compute:Cuda is unknown; the known settings are Device, MemoryMegabytes, Threads, Lanes.")]
    [InlineData("DataStorage:tableServiceUri", "DataStorage:tableServiceUri is unknown; the known settings are BlobServiceUri, QueueServiceUri, ClientId, TimeoutSeconds.")]
    public void An_unknown_setting_is_refused(string key, string sentence)
    {
        Read(out var faults, ("DataStorage", "UseDevelopmentStorage=true"), (key, "1"));

        Assert.StartsWith(sentence, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_another_type_is_refused()
    {
        Read(out var faults, ("DataStorage", "UseDevelopmentStorage=true"), ("Worker:VisibilitySeconds", "long"));

        Assert.Contains("Worker:VisibilitySeconds", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_kinds_of_storage_are_one_too_many()
    {
        Read(out var faults, ("DataStorage", "UseDevelopmentStorage=true"), ("DataStorage:blobServiceUri", "https://a.blob.core.windows.net"));

        Assert.StartsWith("DataStorage is set both", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static Settings Read(out IReadOnlyList<string> faults, params (string Key, string Value)[] values) => Settings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build(),
        out faults);
}
