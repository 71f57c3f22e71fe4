namespace LocalHost.Hosting;

/// <summary>The app cannot start as it is set up; the message says what was expected, what was found and what to change.</summary>
internal sealed class HostSettingsException(string message) : Exception(message);
