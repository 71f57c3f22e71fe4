using System.Net;
using Orchestrations.Outbound;
using Orchestrations.Tests.Hosting;

namespace Orchestrations.Tests.Outbound;

[Trait("Speed", "fast")]
public class AddressRulesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.0.9")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("2002:0a00:0001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    public void Addresses_that_are_not_of_the_public_internet_are_refused(string address) => Assert.False(AddressRules.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.1.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("::ffff:1.1.1.1")]
    public void Public_ones_are_not(string address) => Assert.True(AddressRules.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task The_address_is_checked_when_it_is_connected_to_and_not_when_the_name_was_written_down()
    {
        await using var inside = await Receiver.StartAsync((_, _) => Task.CompletedTask);
        // A name that was public when somebody looked, and is this machine when it is called.
        using var guarded = new HttpClient(OutboundHandler.Create(false, "Webhook__AllowPrivateAddresses", (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
        using var open = new HttpClient(OutboundHandler.Create(true, "Webhook__AllowPrivateAddresses", (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
        var url = new Uri($"http://rebound.example:{new Uri(inside.Url).Port}/");

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => guarded.GetAsync(url, TestContext.Current.CancellationToken));
        Assert.Contains("127.0.0.1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Webhook__AllowPrivateAddresses", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, inside.Waiting);
        using var allowed = await open.GetAsync(url, TestContext.Current.CancellationToken);
        Assert.True(allowed.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    public async Task However_this_machine_is_written_it_is_not_reached(string form)
    {
        await using var inside = await Receiver.StartAsync((_, _) => Task.CompletedTask);
        using var guarded = new HttpClient(OutboundHandler.Create(false, "Webhook__AllowPrivateAddresses"));
        await Assert.ThrowsAsync<HttpRequestException>(() => guarded.GetAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, form, new Uri(inside.Url).Port), TestContext.Current.CancellationToken));
        Assert.Equal(0, inside.Waiting);
    }
}
