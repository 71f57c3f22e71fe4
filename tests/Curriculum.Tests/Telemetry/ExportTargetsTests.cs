using Curriculum.Telemetry;

namespace Curriculum.Tests.Telemetry;

[Trait("Speed", "fast")]
public class ExportTargetsTests
{
    [Fact]
    public void Nothing_is_sent_unless_a_standard_variable_says_whereto()
    {
        Assert.False(Read().Any);
        Assert.False(Read(("OTEL_SERVICE_NAME", "mine"), ("OTEL_EXPORTER_OTLP_ENDPOINT", ""), ("APPLICATIONINSIGHTS_CONNECTION_STRING", "")).Any);
        Assert.Equal(new(true, null, null), Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317")));
        Assert.False(Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"), ("OTEL_SDK_DISABLED", "true")).Any);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization=AAD", null)]
    [InlineData("Authorization=AAD;ClientId=1f2e", "1f2e")]
    [InlineData("clientid = 1f2e ; Authorization=AAD", "1f2e")]
    public void Azure_Monitor_is_reached_by_the_managed_identity_that_is_named(string? authentication, string? client) =>
        Assert.Equal(
            new(false, "InstrumentationKey=0", client),
            Read(("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=0"), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", authentication)));

    private static ExportTargets Read(params (string Name, string? Value)[] settings) =>
        ExportTargets.Read(name => settings.FirstOrDefault(setting => setting.Name == name).Value);
}
