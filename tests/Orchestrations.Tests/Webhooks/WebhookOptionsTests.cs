using Microsoft.Extensions.Configuration;
using Orchestrations.Webhooks;

namespace Orchestrations.Tests.Webhooks;

[Trait("Speed", "fast")]
public class WebhookOptionsTests
{
    [Theory]
    [InlineData("ftp://x.example/", "a key of sixteen bytes", "false", "Webhook__Url")]
    [InlineData("http://x.example/", "a key of sixteen bytes", "false", "Webhook__Url")]
    [InlineData("https://me:secret@x.example/", "a key of sixteen bytes", "false", "Webhook__Url")]
    [InlineData("/hook", "a key of sixteen bytes", "false", "Webhook__Url")]
    [InlineData("https://x.example/", "short", "false", "Webhook__Key")]
    [InlineData("https://x.example/", "", "false", "Webhook__Key")]
    [InlineData("https://x.example/", "whsec_!", "false", "Webhook__Key")]
    public void A_wrong_setting_is_named_and_its_value_is_not(string url, string key, string allow, string setting)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Read(url, key, allow));
        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_text_or_base64_and_is_never_written_out()
    {
        var options = Read("https://x.example/hook", "whsec_MDEyMzQ1Njc4OWFiY2RlZg==", "false");
        Assert.Equal("0123456789abcdef"u8.ToArray(), options.KeyBytes());
        Assert.Equal("webhook at x.example", options.ToString());
        Assert.False(Read("", "", "false").IsSet);
    }

    private static WebhookOptions Read(string url, string key, string allow) => WebhookOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Webhook:Url"] = url,
            ["Webhook:Key"] = key,
            ["Webhook:AllowPrivateAddresses"] = allow,
        }).Build());
}
