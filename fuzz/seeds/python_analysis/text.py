# -*- coding: utf-8 -*-
x = 'é' "a" f'{a < b!r:>{w}}' rb'\n' '''
multi
'''
__all__ = ['x']
__all__ += ['y']
