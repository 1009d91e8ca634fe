def f():
	x = a not	in b;y = a is not b ; z=-1<a
	if a:
		return(a<b)if(a)else(b)
