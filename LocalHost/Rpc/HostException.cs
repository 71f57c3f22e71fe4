namespace LocalHost.Rpc;

/// <summary>The host cannot run the app, or a setting is wrong; the message says what was expected and what was found.</summary>
internal sealed class HostException(string message) : Exception(message);
