print 'x'
exec 'y'
