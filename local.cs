#!/usr/bin/env -S sh -c 'exec dotnet run --file "$0" -- "$@"'
#:project Cli/Cli.csproj
#:property PublishAot=false

// The project's command line; without words it runs samples/quick.json from submission to verdict. docs/CLI.md has all commands.
return await Cli.CommandLine.RunAsync(args is [] ? ["run"] : args, (string)AppContext.GetData("EntryPointFileDirectoryPath")!, "dotnet run local.cs --");
