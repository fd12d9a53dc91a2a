using Lab;

return await CommandLine.RunAsync(args);
