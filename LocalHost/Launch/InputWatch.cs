namespace LocalHost.Launch;

/// <summary>Stops the host once standard input ends: so does a host whose launcher was killed.</summary>
internal static class InputWatch
{
    public static void Start(Stream input, Action ended) =>
        // A thread of its own: a read from the console cannot be cancelled, and must not hold up the end of the process.
        new Thread(() =>
        {
            var buffer = new byte[256];
            try
            {
                while (input.Read(buffer) > 0)
                {
                }
            }
            catch (IOException)
            {
                // A broken pipe ends input too.
            }

            ended();
        })
        {
            IsBackground = true,
            Name = "Standard input",
        }.Start();
}
