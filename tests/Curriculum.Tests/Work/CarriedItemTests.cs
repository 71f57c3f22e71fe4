using System.Security.Cryptography;
using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Work;

namespace Curriculum.Tests.Work;

[Trait("Speed", "fast")]
public class CarriedItemTests
{
    private static readonly WorkItemId Id = WorkItemId.Parse("run/srl/1/0/0/7/0/1/rollout");

    [Fact]
    public void An_item_is_read_as_it_was_carried()
    {
        var item = "{ \"some\": \"item\" }"u8.ToArray();
        Assert.Equal(item, CarriedItem.Read(Sent(item)));
    }

    [Fact]
    public void An_item_that_would_not_fit_is_not_carried()
    {
        // Random bytes cannot be packed: three quarters of the message are left to them by base64.
        var item = RandomNumberGenerator.GetBytes(StorageNames.MaxMessageBytes * 3 / 4);
        var message = Sent(item);
        Assert.Null(message.Item);
        Assert.Equal(Sha256Hex.Of(item), message.InputHash);
        Assert.NotNull(Sent(item[..^1024]).Item);
    }

    [Fact]
    public void What_is_not_the_messages_item_is_none()
    {
        var message = Sent("{}"u8.ToArray());
        Assert.Null(CarriedItem.Read(message with { Item = null }));
        Assert.Null(CarriedItem.Read(message with { InputHash = Sha256Hex.Of("{ }"u8) }));
        Assert.Null(CarriedItem.Read(message with { Item = [0xff, 0xfe] }));
        Assert.Null(CarriedItem.Read(message with { Item = [] }));
    }

    private static WorkMessage Sent(byte[] item)
    {
        var bytes = CarriedItem.Write(new(Id, Sha256Hex.Of(item), "instance"), item);
        Assert.InRange(bytes.Length, 1, StorageNames.MaxMessageBytes);
        return JsonSerializer.Deserialize(bytes, CurriculumJson.Default.WorkMessage)!;
    }
}
